#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "junction/export.hpp"
#include "junction/kube/client.hpp"
#include "junction/kube/config.hpp"
#include "junction/policy.hpp"
#include "junction/result.hpp"
#include "junction/service.hpp"

namespace junction::kube {

/// A Service port with everything that decides where its requests go.
struct Backend {
  Service service;
  std::uint16_t port = 0;
  std::vector<EndpointSlice> slices;
  Policy policy;  ///< Unspecified where the Service has no annotation for the port
  BackendEndpoints endpoints;
};

/// Reads a Service and its EndpointSlices and puts them together. Fails where the Service or the port is
/// missing, the annotation is one the control plane refuses (the message names the annotation), or the
/// endpoints cannot be told.
JUNCTION_EXPORT Result<Backend> read_backend(Client& client, const std::string& namespace_,
                                             const std::string& service, std::uint16_t port);

/// The endpoints of an ExternalName Service: the addresses its name resolves to now, sorted, each once, with
/// the Service's port. Blocks as long as the resolver does.
JUNCTION_EXPORT Result<BackendEndpoints> resolve_external_name(const Service& service, std::uint16_t port);

/// The policy that a Service's annotation holds for a port; Unspecified where there is none.
JUNCTION_EXPORT Result<Policy> policy_of(const Service& service, std::uint16_t port);

/// Follows one Service and its EndpointSlices from a thread of its own, for as long as it lives: lists,
/// watches from there, and takes the thread up again after timeouts, dropped connections and 410 Gone.
///
/// `on_change` is called from that thread, first when both are known and then whenever policy or endpoints
/// differ. A Service that is deleted or broken is reported to `on_error` (so is trouble with the server, once
/// for each new message) and what was in force stays in force.
class JUNCTION_EXPORT BackendWatch {
 public:
  using OnChange = std::function<void(const Policy&, const BackendEndpoints&)>;
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
