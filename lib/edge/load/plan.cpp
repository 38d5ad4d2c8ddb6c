#include "junction/load/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace junction::load {
namespace {

using std::chrono::nanoseconds;

// RFC 9110, 5.6.2.
bool is_token(std::string_view text) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           others.find(c) != std::string_view::npos;
  });
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7f; });
}

// Four parts, each of which may be empty; colons in brackets are an IPv6 address's own.
bool is_connect_to(std::string_view rule) {
  int colons = 0, depth = 0;
  for (const char c : rule) {
    depth += c == '[' ? 1 : c == ']' ? -1 : 0;
    if (depth < 0 || depth > 1) return false;
    if (c == ':' && depth == 0) ++colons;
  }
  return colons == 3 && depth == 0 && !has_control(rule);
}

Result<void> check_request(const Plan& plan) {
  if (plan.queries.empty())
    return usage_error("there is no query to send; name some with --vals or --vals-file");
  if (plan.queries.size() > std::numeric_limits<std::uint32_t>::max() / 2)
    return usage_error(fmt::format("{} queries are too many", plan.queries.size()));
  if (!is_token(plan.method)) return usage_error(fmt::format("'{}' is not an HTTP method", plan.method));
  for (const auto& [name, value] : plan.headers) {
    if (!is_token(name)) return usage_error(fmt::format("'{}' is not a header's name", name));
    if (has_control(value))
      return usage_error(fmt::format("the value of header '{}' has a line break or control character", name));
  }
  return {};
}

Result<void> check_transport(const Plan& plan) {
  const TransportOptions& transport = plan.transport;
  if (transport.threads < 1 || transport.threads > 1024)
    return usage_error(fmt::format("{} threads cannot run; use 1 to 1024", transport.threads));
  if (transport.connections < transport.threads)
    return usage_error(fmt::format("{} connections are fewer than the {} threads that share them",
                                   transport.connections, transport.threads));
  if (transport.streams < 1 || transport.streams > 1000)
    return usage_error(
        fmt::format("{} streams a connection are out of range; use 1 to 1000", transport.streams));
  if (transport.http2 && !transport.keep_alive)
    return usage_error("HTTP/2 without keep-alive is not supported; leave one out");
  for (const std::string& rule : transport.connect_to) {
    if (!is_connect_to(rule))
      return usage_error(fmt::format(
          "--connect-to '{}' is not HOST1:PORT1:HOST2:PORT2 (an IPv6 address in brackets)", rule));
  }
  if (plan.balancer && !transport.connect_to.empty())
    return usage_error("requests that go straight to the endpoints follow no --connect-to; leave it out");
  if (transport.proxy && plan.balancer)
    return usage_error(
        "requests that go straight to the endpoints cannot go through a proxy; leave out --proxy");
  if (transport.proxy && !transport.connect_to.empty())
    return usage_error(fmt::format(
        "--connect-to cannot be followed through the proxy {}; leave it out, or use no proxy (--proxy '')",
        transport.proxy->authority()));
  return {};
}

}  // namespace

Result<void> check(const Plan& plan) {
  if (auto result = check(plan.schedule); !result) return result;
  if (auto result = check_request(plan); !result) return result;
  if (auto result = check_transport(plan); !result) return result;
  if (plan.timeout < nanoseconds{1'000'000} || plan.timeout > std::chrono::hours{24})
    return usage_error(fmt::format("a timeout of {} s is out of range; use 0.001 s to 86400 s",
                                   static_cast<double>(plan.timeout.count()) / 1e9));
  if (plan.timer_slack < nanoseconds{0} || plan.timer_slack > std::chrono::seconds{1})
    return usage_error(fmt::format("a timer slack of {} s is out of range; use 0 to 1 s",
                                   static_cast<double>(plan.timer_slack.count()) / 1e9));
  if (plan.shard.count < 1 || plan.shard.index >= plan.shard.count || plan.shard.count > 100'000)
    return usage_error(fmt::format("shard {}/{} does not exist; the first is 1/N, the last N/N",
                                   plan.shard.index + 1, plan.shard.count));
  return {};
}

}  // namespace junction::load
