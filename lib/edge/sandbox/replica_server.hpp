#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "edge/sandbox/access_log.hpp"
#include "edge/sandbox/http_server.hpp"
#include "junction/replica.hpp"

namespace junction::sandbox {

/// One replica of wineinfo-recs: GET /recommendations/?query=<q>&limit=<n> answers a JSON list of wine ids,
/// or 500 once its ReplicaHealth has had enough.
class ReplicaServer {
 public:
  static Result<std::unique_ptr<ReplicaServer>> start(const SocketAddress& address, ReplicaLimits limits,
                                                      ConnectionRegistry& connections);

  [[nodiscard]] const SocketAddress& address() const { return server_->address(); }
  [[nodiscard]] std::shared_ptr<const AccessLog> log() const { return log_; }

  void drain() { server_->drain(); }
  void stop();

 private:
  explicit ReplicaServer(ReplicaLimits limits) : health_(limits) {}
  void answer(const HttpRequest& request, HttpResponse& response);
  bool admit(const std::string& query);

  std::mutex mutex_;
  ReplicaHealth health_;
  std::shared_ptr<AccessLog> log_ = std::make_shared<AccessLog>();
  std::unique_ptr<HttpServer> server_;  // last: it stops before what it uses goes away
};

}  // namespace junction::sandbox
