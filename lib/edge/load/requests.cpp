#include "edge/load/requests.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "junction/base64.hpp"

namespace junction::load {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  return result;
}

bool has_header(const Plan& plan, std::string_view name) {
  return std::any_of(plan.headers.begin(), plan.headers.end(),
                     [&](const auto& header) { return lower(header.first) == name; });
}

bool is_idempotent(std::string_view method) {
  static constexpr std::array<std::string_view, 6> methods = {"GET",    "HEAD",    "PUT",
                                                              "DELETE", "OPTIONS", "TRACE"};
  return std::find(methods.begin(), methods.end(), method) != methods.end();
}

// Written as people read them on the wire: Content-Length, not content-length.
std::string capitalised(std::string name) {
  bool begins = true;
  for (char& c : name) {
    if (begins && c >= 'a' && c <= 'z') c = static_cast<char>(c & ~0x20);
    begins = c == '-';
  }
  return name;
}

std::string http1_request(const Plan& plan, const Query& query) {
  // A proxy is told the whole URL; one that only tunnels never sees this.
  const bool proxied = plan.transport.proxy && plan.url.scheme == "http";
  const std::string origin = proxied ? fmt::format("http://{}", plan.url.authority()) : "";
  std::string text = fmt::format("{} {}{} HTTP/1.1\r\n", plan.method, origin, query.target);
  if (const std::string credentials = proxy_authorization(plan); proxied && !credentials.empty())
    text += fmt::format("Proxy-Authorization: {}\r\n", credentials);
  for (const auto& [name, value] : all_headers(plan))
    text += fmt::format("{}: {}\r\n", capitalised(name), value);
  if (!plan.transport.keep_alive && !has_header(plan, "connection")) text += "Connection: close\r\n";
  text += "\r\n";
  text += plan.body;
  return text;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> all_headers(const Plan& plan) {
  std::vector<std::pair<std::string, std::string>> headers;
  if (!has_header(plan, "host")) headers.emplace_back("host", plan.url.authority());
  if (!has_header(plan, "user-agent")) headers.emplace_back("user-agent", "junctionctl");
  const bool body =
      !plan.body.empty() || plan.method == "POST" || plan.method == "PUT" || plan.method == "PATCH";
  if (body && !has_header(plan, "content-length"))
    headers.emplace_back("content-length", std::to_string(plan.body.size()));
  for (const auto& [name, value] : plan.headers) headers.emplace_back(lower(name), value);
  return headers;
}

std::string proxy_authorization(const Plan& plan) {
  if (!plan.transport.proxy || plan.transport.proxy->credentials.empty()) return {};
  return "Basic " + base64_encode(plan.transport.proxy->credentials);
}

Requests::Requests(const Plan& plan) : head_(plan.method == "HEAD"), idempotent_(is_idempotent(plan.method)) {
  const std::string origin = fmt::format("{}://{}", plan.url.scheme, plan.url.authority());
  http1_.reserve(plan.queries.size());
  urls_.reserve(plan.balancer ? plan.queries.size() : 0);
  for (const Query& query : plan.queries) {
    http1_.push_back(http1_request(plan, query));
    if (plan.balancer) urls_.push_back(origin + query.target);
  }
  for (const auto& [name, value] : plan.headers) headers_.push_back({name, value});
}

}  // namespace junction::load
