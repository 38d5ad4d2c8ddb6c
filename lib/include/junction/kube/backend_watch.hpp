#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "junction/export.hpp"
#include "junction/kube/backend.hpp"
#include "junction/kube/config.hpp"
#include "junction/result.hpp"

namespace junction::kube {

/// Follows one Service and its EndpointSlices from a thread of its own, for as long as it lives: lists,
/// watches from there, and takes the thread up again after timeouts, dropped connections and 410 Gone.
///
/// `on_change` is called from that thread, first when both are known and then whenever policy or endpoints
/// differ. A Service that the control plane drops has no endpoints in force and is reported to `on_error`
/// too, as is trouble with the server, once for each new message. Where the Service or its port is gone, or
/// cannot be read, what was in force stays in force.
class JUNCTION_EXPORT BackendWatch {
 public:
  using OnChange = std::function<void(const Backend&)>;
  using OnError = std::function<void(const Error&)>;

  BackendWatch(ClusterConfig config, std::string namespace_, std::string service, std::uint16_t port,
               OnChange on_change, OnError on_error);
  ~BackendWatch();  ///< stops at once; no callback runs afterwards
  BackendWatch(const BackendWatch&) = delete;
  BackendWatch& operator=(const BackendWatch&) = delete;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace junction::kube
