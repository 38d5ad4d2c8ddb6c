#include "edge/sandbox/front.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <thread>
#include <vector>

#include "edge/sandbox/shop.hpp"
#include "junction/url.hpp"

namespace junction::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr const char* route = "/wines/recommendations";
constexpr int most_attempts = 5;

/// Headers that concern one connection only, and those that cpp-httplib adds to a request it received.
bool stays_here(std::string_view name) {
  static constexpr std::array names{
      "Connection",        "Host",       "Keep-Alive",      "Proxy-Connection", "TE",
      "Transfer-Encoding", "Upgrade",    "Accept-Encoding", "Content-Length",   "REMOTE_ADDR",
      "REMOTE_PORT",       "LOCAL_ADDR", "LOCAL_PORT"};
  return std::any_of(names.begin(), names.end(), [&](const char* known) {
    return name.size() == std::string_view(known).size() &&
           ::strcasecmp(known, std::string(name).c_str()) == 0;
  });
}

httplib::Headers forwarded_headers(const httplib::Request& request) {
  httplib::Headers headers;
  for (const auto& [name, value] : request.headers)
    if (!stays_here(name)) headers.emplace(name, value);
  return headers;
}

void fail(httplib::Response& response, int status, const std::string& message) {
  response.status = status;
  response.set_content(message + "\n", "text/plain; charset=utf-8");
}

}  // namespace

Result<std::unique_ptr<Front>> Front::start(std::uint16_t port, const kube::ClusterConfig& cluster,
                                            std::function<void(const Error&)> on_error) {
  std::unique_ptr<Front> front(new Front);
  SocketAddress address;
  address.ip = {127, 0, 0, 1};
  address.port = port;
  auto server = HttpServer::start(address, [self = front.get()](const auto& request, auto& response) {
    self->answer(request, response);
  });
  if (!server) return std::move(server).error();
  front->server_ = std::move(*server);
  front->watch_ = std::make_unique<kube::BackendWatch>(
      cluster, shop_namespace, recs, 80,
      [self = front.get()](const kube::Backend& backend) {
        self->balancer_.update(backend.in_force(), backend.policy);
        self->upstreams_.keep_only(backend.in_force());
        const std::lock_guard lock(self->mutex_);
        self->ready_ = true;
        self->known_.notify_all();
      },
      std::move(on_error));
  return front;
}

Front::~Front() {
  watch_.reset();
  if (server_) server_->stop();
}

bool Front::wait_until_ready(std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  return known_.wait_for(lock, timeout, [&] { return ready_; });
}

void Front::answer(const httplib::Request& request, httplib::Response& response) {
  if (request.path != route)
    return fail(response, 404,
                fmt::format("no route for {}: the shop's front knows {}?query=...", request.path, route));
  if (request.method != "GET") return fail(response, 405, "only GET");
  forward(request, response);
}

void Front::forward(const httplib::Request& request, httplib::Response& response) {
  const std::string target =
      fmt::format("/recommendations/?query={}&limit=10", percent_encode(request.get_param_value("query")));
  const httplib::Headers headers = forwarded_headers(request);
  std::vector<Header> views;
  for (const auto& [name, value] : headers) views.push_back({name, value});
  // Only what never reached a replica is tried again; anything else could be done twice.
  for (int attempt = 1; attempt <= most_attempts; ++attempt) {
    const Pick pick = balancer_.pick({.url = target, .headers = views});
    if (pick.reason == PickReason::no_endpoints)
      return fail(
          response, 503,
          "no endpoints for service/wineinfo-recs: scale it up, or see what junctionctl explain says of it");
    const httplib::Result result = upstreams_.get(pick.address, target, headers);
    if (result) {
      response.status = result->status;
      return response.set_content(result->body, result->get_header_value("Content-Type"));
    }
    if (result.error() != httplib::Error::Connection)
      return fail(response, 502,
                  fmt::format("{} did not answer: {}", pick.address.to_string(), to_string(result.error())));
    if (attempt < most_attempts)
      std::this_thread::sleep_for(10ms * attempt);  // the watch may know better by then
  }
  fail(response, 502, "no connection to the replica that was picked");
}

}  // namespace junction::sandbox
