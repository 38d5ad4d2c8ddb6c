#include "edge/sandbox/replica_server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "junction/hash.hpp"

namespace junction::sandbox {
namespace {

constexpr int most_wines = 100;

/// As many wine ids as were asked for; the same query always gets the same.
std::string recommend(const std::string& query, const std::string& limit) {
  int count = 10;
  std::from_chars(limit.data(), limit.data() + limit.size(), count);
  std::string wines = "[";
  for (int i = 0; i < std::clamp(count, 0, most_wines); ++i)
    wines += fmt::format("{}{}", i ? "," : "", xxh64(query, static_cast<std::uint64_t>(i)) % 100'000);
  return wines + "]";
}

}  // namespace

Result<std::unique_ptr<ReplicaServer>> ReplicaServer::start(const SocketAddress& address,
                                                            ReplicaLimits limits) {
  std::unique_ptr<ReplicaServer> replica(new ReplicaServer(limits));
  auto server = HttpServer::start(address, [self = replica.get()](const auto& request, auto& response) {
    self->answer(request, response);
  });
  if (!server) return std::move(server).error();
  replica->server_ = std::move(*server);
  return replica;
}

void ReplicaServer::stop() {
  server_->stop();
  log_->end();
}

bool ReplicaServer::admit(const std::string& query) {
  const std::lock_guard lock(mutex_);
  return health_.admit(query, std::chrono::steady_clock::now().time_since_epoch());
}

void ReplicaServer::answer(const httplib::Request& request, httplib::Response& response) {
  const bool known = request.path == "/recommendations/" || request.path == "/recommendations";
  const std::string query = request.get_param_value("query");
  const char* reason = "OK";
  if (!known) {
    response.status = 404;
    response.set_content("{\"detail\":\"Not Found\"}\n", "application/json");
    reason = "Not Found";
  } else {
    std::string wines =
        recommend(query, request.has_param("limit") ? request.get_param_value("limit") : "10");
    const bool ok = admit(query);  // after the answer is computed, as in the original
    response.status = ok ? 200 : 500;
    response.set_content(ok ? std::move(wines) : "{\"detail\":\"too many distinct queries\"}\n",
                         "application/json");
    if (!ok) reason = "Internal Server Error";
  }
  log_->add(fmt::format("INFO:     {}:{} - \"{} {} HTTP/1.1\" {} {}", request.remote_addr,
                        request.remote_port, request.method, request.target, response.status, reason));
}

}  // namespace junction::sandbox
