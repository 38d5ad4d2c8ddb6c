#include "edge/sandbox/replica_server.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "junction/ascii.hpp"
#include "junction/hash.hpp"
#include "junction/try.hpp"

namespace junction::sandbox {
namespace {

constexpr int most_wines = 100;

/// As many wine ids as were asked for; the same query always gets the same.
std::string recommend(const std::string& query, const std::string& limit) {
  const int count = whole_number<int>(limit).value_or(10);
  std::string wines = "[";
  for (int i = 0; i < std::clamp(count, 0, most_wines); ++i)
    wines += fmt::format("{}{}", i ? "," : "", xxh64(query, static_cast<std::uint64_t>(i)) % 100'000);
  return wines + "]";
}

}  // namespace

Result<std::unique_ptr<ReplicaServer>> ReplicaServer::start(const SocketAddress& address,
                                                            ReplicaLimits limits,
                                                            ConnectionRegistry& connections) {
  std::unique_ptr<ReplicaServer> replica(new ReplicaServer(limits));
  HttpService service;
  service.handler = [self = replica.get()](const HttpRequest& request, HttpResponse& response) {
    self->answer(request, response);
  };
  JUNCTION_TRY_ASSIGN(replica->server_, HttpServer::start(address, std::move(service), connections));
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

void ReplicaServer::answer(const HttpRequest& request, HttpResponse& response) {
  const bool known = request.path == "/recommendations/" || request.path == "/recommendations";
  const std::string query = request.parameter("query");
  const char* reason = "OK";
  response.content_type = "application/json";
  if (!known) {
    response.status = 404;
    response.body = "{\"detail\":\"Not Found\"}\n";
    reason = "Not Found";
  } else {
    response.body = recommend(query, request.parameter("limit"));
    if (!admit(query)) {  // after the answer is computed, as in the original
      response.status = 500;
      response.body = "{\"detail\":\"too many distinct queries\"}\n";
      reason = "Internal Server Error";
    }
  }
  log_->add(fmt::format("INFO:     {} - \"{} {} HTTP/1.1\" {} {}", request.peer, request.method,
                        loggable(request.target), response.status, reason));
}

}  // namespace junction::sandbox
