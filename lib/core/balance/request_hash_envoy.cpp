#include <algorithm>

#include "core/balance/request_hash.hpp"
#include "core/balance/request_parts.hpp"
#include "junction/ascii.hpp"
#include "junction/endpoint.hpp"
#include "junction/hash.hpp"
#include "junction/url.hpp"

namespace junction {
namespace {

bool names_the_host(std::string_view header) {
  return header == ":authority" || same_letters(header, "host");
}

// Envoy keeps the request line and the host among the headers. Empty: `name` is none of them, or the URL does
// not say.
std::string pseudo_header(const Request& request, std::string_view name) {
  const bool is_host = names_the_host(name);
  if (name == ":method") return std::string(request.method);
  if (name != ":path" && name != ":scheme" && !is_host) return {};
  const auto url = Url::parse(request.url);
  if (url) return name == ":path" ? url->target : name == ":scheme" ? url->scheme : url->authority();
  if (is_host) return std::string(request.authority);
  return name == ":path" ? std::string(request.url.substr(0, request.url.find('#'))) : std::string();
}

std::optional<std::uint64_t> envoy_header(const Request& request, std::string_view name, HashStep* step) {
  const SortedValues sorted(request, name);
  if (sorted.values().empty()) {
    const std::string pseudo = pseudo_header(request, name);
    return pseudo.empty() ? std::nullopt : std::optional(hash_one(pseudo, step));
  }
  std::uint64_t hash = 0;  // the seed of the first, and then of the next
  for (const std::string_view value : sorted.values()) {
    hash = xxh64(value, hash);
    if (!step) continue;
    step->values.emplace_back(value);
    step->bytes += value;
  }
  return hash;
}

// The first parameter of that name; neither name nor value is decoded.
std::optional<std::uint64_t> envoy_query_param(const Request& request, std::string_view name,
                                               HashStep* step) {
  std::optional<std::uint64_t> hash;
  for_each_parameter(query_of(request.url).value_or(""),
                     [&](std::string_view raw_name, std::string_view raw_value) {
                       if (raw_name != name) return true;
                       hash = hash_one(raw_value, step);
                       return false;
                     });
  return hash;
}

/// One "name=value" of a Cookie header; false without '='. Quotes around the value are not part of it.
bool split_cookie(std::string_view text, std::string_view& name, std::string_view& value) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return false;
  name = text.substr(0, equals);
  value = text.substr(equals + 1);
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
    value = value.substr(1, value.size() - 2);
  return true;
}

// The first cookie of that name, if it is not empty. (Envoy can be told to make one up where there is none,
// from the two ends of the connection; a request alone does not show those.)
std::optional<std::uint64_t> envoy_cookie(const Request& request, std::string_view wanted, HashStep* step) {
  std::optional<std::string_view> found;
  for_each_header(request, "cookie", [&](std::string_view rest) {
    while (!rest.empty() && !found) {
      const std::string_view cookie = rest.substr(0, rest.find(';'));
      rest.remove_prefix(std::min(rest.size(), cookie.size() + 1));
      std::string_view name, value;
      if (split_cookie(cookie, name, value) && name == wanted) found = value;
    }
    return !found;
  });
  if (!found || found->empty()) return std::nullopt;
  return hash_one(*found, step);
}

std::optional<std::uint64_t> envoy_value(const Request& request, const HashParam& param, HashStep* step) {
  switch (param.type) {
    case HashParam::Type::query_param:
      return envoy_query_param(request, param.name, step);
    case HashParam::Type::header:
      return envoy_header(request, param.name, step);
    case HashParam::Type::cookie:
      return envoy_cookie(request, param.name, step);
    case HashParam::Type::source_ip:
      break;
  }
  if (request.source_ip.empty()) return std::nullopt;
  const auto address = SocketAddress::parse(request.source_ip, 0);  // IPv6 can be written in many ways
  return hash_one(address ? address->ip_string() : request.source_ip, step);
}

}  // namespace

// Every request has a host and a scheme.
bool is_unknown_to_envoy(const Request& request, const HashParam& param) {
  const bool always_there =
      param.type == HashParam::Type::header && (names_the_host(param.name) || param.name == ":scheme");
  return always_there || is_unknown(request, param);
}

std::optional<std::uint64_t> hash_as_envoy(const Request& request, std::span<const HashParam> params,
                                           std::vector<HashStep>* steps) {
  return walk_policies({.evaluate = envoy_value, .unknown = is_unknown_to_envoy}, request, params, steps);
}

}  // namespace junction
