#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "junction/ascii.hpp"
#include "junction/request_line.hpp"
#include "junction/url.hpp"

namespace junction {
namespace {

using nlohmann::json;

constexpr std::string_view shape =
    R"(write {"url":"http://host/path?query","headers":[["name","value"]]} or {"hash":"16 hex digits"})";

Error bad_line(std::string_view line, std::string_view why) {
  constexpr std::size_t shown = 80;
  return {ErrorKind::invalid,
          fmt::format("'{}{}': {}", line.substr(0, shown), line.size() > shown ? "..." : "", why)};
}

std::optional<std::uint64_t> parse_hash(std::string_view text) {
  return text.size() == 16 ? whole_number<std::uint64_t>(text, 16) : std::nullopt;
}

// [["name","value"], ...], or an object of names and values.
bool read_headers(const json& from, LineRequest& into) {
  for (const auto& item : from.items()) {
    const json& header = item.value();
    if (from.is_object() && header.is_string()) {
      into.headers.emplace_back(item.key(), header.get<std::string>());
    } else if (from.is_array() && header.is_array() && header.size() == 2 && header[0].is_string() &&
               header[1].is_string()) {
      into.headers.emplace_back(header[0].get<std::string>(), header[1].get<std::string>());
    } else {
      return false;
    }
  }
  return from.is_array() || from.is_object() || from.is_null();
}

bool read_text(const json& object, const char* name, std::string& into) {
  const auto found = object.find(name);
  if (found == object.end()) return true;
  if (!found->is_string()) return false;
  into = found->get<std::string>();
  return true;
}

Result<std::optional<LineRequest>> parse_json(std::string_view line) {
  const json object = json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return bad_line(line, fmt::format("not JSON; {}", shape));
  for (const auto& item : object.items())
    if (item.key() != "url" && item.key() != "headers" && item.key() != "hash" && item.key() != "method" &&
        item.key() != "source_ip")
      return bad_line(line, fmt::format("unknown field '{}'; {}", item.key(), shape));

  LineRequest request;
  std::string hash;
  const auto headers = object.find("headers");
  if (!read_text(object, "url", request.url) || !read_text(object, "hash", hash) ||
      !read_text(object, "method", request.method) || !read_text(object, "source_ip", request.source_ip) ||
      (headers != object.end() && !read_headers(*headers, request)))
    return bad_line(line, fmt::format("a field has the wrong type; {}", shape));
  if (object.contains("url") == object.contains("hash")) return bad_line(line, shape);
  if (!object.contains("hash")) return std::optional(std::move(request));
  request.hash = parse_hash(hash);
  if (!request.hash) return bad_line(line, fmt::format("the hash '{}' is not 16 hex digits", hash));
  return std::optional(std::move(request));
}

Result<std::optional<LineRequest>> checked(LineRequest request, std::string_view line) {
  if (!request.url.starts_with('/')) {
    if (const auto url = Url::parse(request.url); !url) return url.error();
  } else if (has_space_or_control(request.url)) {
    return bad_line(line, "a target has no spaces or control characters; write them as %XX (a space is %20)");
  }
  return std::optional(std::move(request));
}

}  // namespace

Result<std::optional<LineRequest>> parse_request_line(std::string_view line, std::string_view parameter) {
  return parse_request_line(classify_line(line), parameter);
}

Result<std::optional<LineRequest>> parse_request_line(const RequestLine& taken, std::string_view parameter) {
  LineRequest request;
  switch (taken.kind) {
    case LineKind::blank:
    case LineKind::no_request:
      return std::optional<LineRequest>{};
    case LineKind::value:
      if (parameter.empty())
        return bad_line(taken.text, "a bare value, but the policy hashes no query parameter; write a URL");
      request.url = fmt::format("/?{}={}", form_encode(parameter), form_encode(taken.text));
      request.value = taken.text;
      return std::optional(std::move(request));
    case LineKind::url:
    case LineKind::target:
      request.url = taken.text;
      return checked(std::move(request), taken.text);
    case LineKind::json: {
      auto parsed = parse_json(taken.text);
      if (!parsed || (*parsed)->hash) return parsed;
      return checked(std::move(**parsed), taken.text);
    }
    case LineKind::access_log:
      request.url = taken.escaped ? unescape_log(taken.text) : std::string(taken.text);
      request.method = taken.method;
      request.source_ip = taken.source_ip;
      return std::optional(std::move(request));
  }
  return std::optional<LineRequest>{};
}

}  // namespace junction
