#include "edge/sandbox/front.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>
#include <string_view>
#include <thread>
#include <vector>

#include "edge/sandbox/shop.hpp"
#include "junction/ascii.hpp"
#include "junction/try.hpp"
#include "junction/url.hpp"

namespace junction::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr const char* route = "/wines/recommendations";
constexpr int most_attempts = 5;

/// Headers that concern one connection only.
bool stays_here(std::string_view name) {
  static constexpr std::array names{
      "Connection", "Host",    "Keep-Alive",      "Proxy-Connection", "TE",    "Transfer-Encoding",
      "Upgrade",    "Trailer", "Accept-Encoding", "Content-Length",   "Expect"};
  return std::any_of(names.begin(), names.end(),
                     [&](const char* known) { return same_letters(known, name); });
}

httplib::Headers forwarded_headers(const HttpRequest& request) {
  httplib::Headers headers;
  for (const auto& [name, value] : request.headers)
    if (!stays_here(name)) headers.emplace(name, value);
  return headers;
}

void fail(HttpResponse& response, int status, const std::string& message) {
  response.status = status;
  response.body = message + "\n";
}

}  // namespace

Result<std::unique_ptr<Front>> Front::start(std::uint16_t port, const kube::ClusterConfig& cluster,
                                            ConnectionRegistry& connections,
                                            std::function<void(const Error&)> on_error) {
  std::unique_ptr<Front> front(new Front);
  SocketAddress address;
  address.ip = {127, 0, 0, 1};
  address.port = port;
  HttpService service;
  service.handler = [self = front.get()](const HttpRequest& request, HttpResponse& response) {
    self->answer(request, response);
  };
  service.on_trouble = [on_error](const std::string& line) { on_error(invalid_error(line)); };
  JUNCTION_TRY_ASSIGN(front->server_, HttpServer::start(address, std::move(service), connections));
  front->watch_ = std::make_unique<kube::BackendWatch>(
      cluster, shop_namespace, recs, 80,
      [self = front.get(), on_error](const kube::Backend& backend) {
        try {
          self->learn(backend);
        } catch (const std::exception& error) {  // the watch's thread is not to end for it
          on_error(invalid_error(fmt::format("could not take over the endpoints: {}", error.what())));
        }
      },
      on_error);
  return front;
}

void Front::learn(const kube::Backend& backend) {
  balancer_.update(backend.in_force(), backend.policy);
  upstreams_.keep_only(backend.in_force());
  const std::lock_guard lock(mutex_);
  ready_ = true;
  known_.notify_all();
}

Front::~Front() {
  watch_.reset();
  if (server_) server_->stop();
}

bool Front::wait_until_ready(std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  return known_.wait_for(lock, timeout, [&] { return ready_; });
}

void Front::answer(const HttpRequest& request, HttpResponse& response) {
  if (request.path != route)
    return fail(
        response, 404,
        fmt::format("no route for {}: the shop's front knows {}?query=...", loggable(request.path), route));
  if (request.method != "GET") return fail(response, 405, "only GET");
  forward(request, response);
}

void Front::forward(const HttpRequest& request, HttpResponse& response) {
  const std::string target =
      fmt::format("/recommendations/?query={}&limit=10", percent_encode(request.parameter("query")));
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
      response.content_type = result->get_header_value("Content-Type");
      response.body = result->body;
      return;
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
