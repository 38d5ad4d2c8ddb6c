#include "edge/sandbox/http_request.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text/percent.hpp"
#include "junction/ascii.hpp"
#include "junction/try.hpp"
#include "junction/url.hpp"

namespace junction::sandbox {
namespace {

constexpr std::size_t longest_target = 8192;

bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
           marks.find(c) != std::string_view::npos;
  });
}

/// Takes the next line off `text`, without what ends it.
std::string_view next_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

HttpRefusal refuse(int status, std::string why) {
  return {status, std::move(why)};
}

void read_query(std::string_view text, HttpRequest& request) {
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    request.query.emplace(form_decode(pair.substr(0, equals)),
                          form_decode(pair.substr(std::min(equals + 1, pair.size()))));
  }
}

/// The host of "user@host:port" or "[::1]:port".
std::string host_of(std::string_view authority) {
  if (authority.starts_with('[')) return lower(authority.substr(0, authority.find(']') + 1));
  return lower(authority.substr(0, authority.rfind(':')));
}

/// Origin-form out of "http://host/path", which a client sends that takes us for a proxy.
void read_absolute_form(std::string_view target, HttpRequest& request) {
  const std::string_view rest = target.substr(target.find("://") + 3);
  const auto end = std::min(rest.find_first_of("/?"), rest.size());
  request.host = host_of(rest.substr(0, end));
  const bool no_path = end == rest.size() || rest[end] != '/';
  request.target = (no_path ? "/" : "") + std::string(rest.substr(end));
}

Result<void, HttpRefusal> read_target(std::string_view target, HttpRequest& request) {
  if (target.size() > longest_target)
    return refuse(414, fmt::format("the request's target is longer than {} bytes", longest_target));
  const std::string scheme = lower(target.substr(0, 8));
  if (target.starts_with('/') || (target == "*" && request.method == "OPTIONS"))
    request.target = target;
  else if (scheme.starts_with("http://") || scheme.starts_with("https://"))
    read_absolute_form(target, request);
  else
    return refuse(400, "the request's target is neither a path nor an http URL");
  const std::string_view shown = std::string_view(request.target).substr(0, request.target.find('#'));
  const auto question = std::min(shown.find('?'), shown.size());
  request.path = percent_decode(shown.substr(0, question));
  read_query(shown.substr(std::min(question + 1, shown.size())), request);
  return {};
}

Result<void, HttpRefusal> read_request_line(std::string_view line, HttpRequest& request) {
  const auto first = line.find(' '), last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return refuse(400, "this is no HTTP request");
  const std::string_view target = line.substr(first + 1, last - first - 1), version = line.substr(last + 1);
  request.method = line.substr(0, first);
  if (!is_token(request.method) || target.find(' ') != std::string_view::npos)
    return refuse(400, "this is no HTTP request");
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return refuse(505, "only HTTP/1.1 and HTTP/1.0");
  request.http_1_0 = version == "HTTP/1.0";
  request.keep_alive = !request.http_1_0;
  return read_target(target, request);
}

Result<void, HttpRefusal> read_header(std::string_view line, HttpRequest& request) {
  if (line.front() == ' ' || line.front() == '\t')
    return refuse(400, "a header is folded over several lines");
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
    return refuse(400, "a header's name is none");
  const std::string_view value = trim(line.substr(colon + 1));
  const bool printable = std::none_of(value.begin(), value.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  });
  if (!printable) return refuse(400, "a header holds control characters");
  if (request.headers.size() == most_headers)
    return refuse(431, fmt::format("more than {} headers", most_headers));
  request.headers.emplace_back(line.substr(0, colon), value);
  return {};
}

/// The value of a header that may be there once at most.
Result<std::optional<std::string_view>, HttpRefusal> only(const HttpRequest& request, std::string_view name) {
  std::optional<std::string_view> found;
  for (const auto& [known, value] : request.headers) {
    if (!same_letters(known, name)) continue;
    if (found) return refuse(400, fmt::format("{} is there twice", name));
    found = value;
  }
  return found;
}

Result<void, HttpRefusal> read_length(HttpRequest& request) {
  JUNCTION_TRY_ASSIGN(const auto length, only(request, "Content-Length"));
  JUNCTION_TRY_ASSIGN(const auto coding, only(request, "Transfer-Encoding"));
  if (length && coding) return refuse(400, "Content-Length and Transfer-Encoding say where the request ends");
  if (coding && request.http_1_0) return refuse(400, "Transfer-Encoding belongs to HTTP/1.1");
  if (coding && !same_letters(*coding, "chunked")) return refuse(501, "Transfer-Encoding: only chunked");
  request.chunked = coding.has_value();
  if (!length) return {};
  request.content_length = whole_number<std::uint64_t>(*length);
  if (!request.content_length) return refuse(400, "Content-Length is no number");
  return {};
}

Result<void, HttpRefusal> read_host(HttpRequest& request) {
  JUNCTION_TRY_ASSIGN(const auto host, only(request, "Host"));
  if (!host && !request.http_1_0) return refuse(400, "Host is missing");
  if (host && request.host.empty()) request.host = host_of(*host);
  return {};
}

void read_connection(HttpRequest& request) {
  for (const auto& [name, value] : request.headers) {
    if (!same_letters(name, "Connection")) continue;
    std::string_view tokens = value;
    while (!tokens.empty()) {
      const auto end = std::min(tokens.find(','), tokens.size());
      const std::string_view token = trim(tokens.substr(0, end));
      if (same_letters(token, "close")) request.keep_alive = false;
      if (same_letters(token, "keep-alive") && request.http_1_0) request.keep_alive = true;
      tokens.remove_prefix(std::min(end + 1, tokens.size()));
    }
  }
}

}  // namespace

std::string_view HttpRequest::header(std::string_view name) const {
  for (const auto& [known, value] : headers)
    if (same_letters(known, name)) return value;
  return {};
}

std::string HttpRequest::parameter(const std::string& name) const {
  const auto found = query.find(name);
  return found == query.end() ? "" : found->second;
}

std::optional<std::size_t> end_of_head(std::string_view bytes) {
  for (auto at = bytes.find('\n'); at != std::string_view::npos; at = bytes.find('\n', at + 1)) {
    const std::string_view after = bytes.substr(at + 1, 2);
    if (after.starts_with('\n')) return at + 2;
    if (after == "\r\n") return at + 3;
  }
  return std::nullopt;
}

Result<HttpRequest, HttpRefusal> parse_request_head(std::string_view head) {
  HttpRequest request;
  JUNCTION_TRY(read_request_line(next_line(head), request));
  for (std::string_view line = next_line(head); !line.empty(); line = next_line(head))
    JUNCTION_TRY(read_header(line, request));
  JUNCTION_TRY(read_length(request));
  JUNCTION_TRY(read_host(request));
  read_connection(request);
  const std::string_view expected = request.header("Expect");
  if (!expected.empty() && !same_letters(expected, "100-continue"))
    return refuse(417, "Expect: only 100-continue");
  request.expects_continue = !expected.empty();
  return request;
}

std::string loggable(std::string_view target) {
  std::string shown;
  for (const char c : target) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7f && c != '"')
      shown += c;
    else
      shown += fmt::format("%{:02X}", byte);
  }
  return shown;
}

}  // namespace junction::sandbox
