#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

#include "edge/sandbox/http_server.hpp"
#include "edge/sandbox/upstreams.hpp"
#include "junction/balancer.hpp"
#include "junction/kube/backend_watch.hpp"
#include "junction/kube/config.hpp"

namespace junction::sandbox {

/// The shop's front: answers GET /wines/recommendations?query=<q> with what a replica of wineinfo-recs says,
/// and picks that replica as a Junction client does: a Balancer, fed by a watch on the Service and its
/// EndpointSlices.
class Front {
 public:
  /// Listens at 127.0.0.1:`port` (0: any free one).
  /// `connections` must outlive it. `on_error` is told what goes wrong on the way to the API.
  static Result<std::unique_ptr<Front>> start(std::uint16_t port, const kube::ClusterConfig& cluster,
                                              ConnectionRegistry& connections,
                                              std::function<void(const Error&)> on_error);
  ~Front();

  [[nodiscard]] const SocketAddress& address() const { return server_->address(); }

  /// Waits until the Service's endpoints are known for the first time. False: not within `timeout`.
  bool wait_until_ready(std::chrono::milliseconds timeout);

 private:
  Front() = default;
  void learn(const kube::Backend& backend);
  void answer(const HttpRequest& request, HttpResponse& response);
  void forward(const HttpRequest& request, HttpResponse& response);

  Balancer balancer_;
  Upstreams upstreams_;
  std::mutex mutex_;
  std::condition_variable known_;
  bool ready_ = false;
  std::unique_ptr<kube::BackendWatch> watch_;
  std::unique_ptr<HttpServer> server_;
};

}  // namespace junction::sandbox
