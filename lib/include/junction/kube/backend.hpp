#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "junction/export.hpp"
#include "junction/kube/client.hpp"
#include "junction/policy.hpp"
#include "junction/result.hpp"
#include "junction/service.hpp"

namespace junction::kube {

/// A Service port with everything that decides where its requests go, as judge_backend() sees it.
struct JUNCTION_EXPORT Backend {
  Service service;
  std::uint16_t port = 0;
  Policy policy;              ///< Unspecified where the port has no annotation, or one that is refused
  std::string policy_source;  ///< for people: "annotation junctionlabs.io/backend.lb.80", "flags"
  /// Why Junction's control plane drops the Service, each reason; empty: it does not.
  std::vector<Refusal> refusals;
  /// What the slices hold as Junction's control plane reads them. Of a Service that it drops none is in
  /// force.
  BackendEndpoints endpoints;
  /// The same for clients that learn of it from Kubernetes in another way, as Envoy's and gRPC's do.
  BackendEndpoints kubernetes;

  [[nodiscard]] bool dropped() const { return !refusals.empty(); }
  /// "annotation KEY: REASON"; empty: it is not dropped.
  [[nodiscard]] std::string why_dropped() const;
  /// The endpoints that a Balancer of Junction is to have: none of a Service that the control plane drops.
  [[nodiscard]] std::vector<Endpoint> in_force() const;
};

/// The one place that decides what a Service port means: its endpoints, its policy and where that comes from,
/// and whether Junction's control plane drops the Service. Slices of other Services are passed over.
/// Fails where the Service lacks the port (not_found) or its externalName does not resolve (network).
/// Source: junction-api src/kube/backend.rs@4689d7b (from_service): the annotations of all ports that the
/// Service has are read, and the first that cannot be read drops it; nobody reads those of other ports.
JUNCTION_EXPORT Result<Backend> judge_backend(Service service, std::span<const EndpointSlice> slices,
                                              std::uint16_t port);

/// Puts a policy in place of the annotation of the backend's own port, broken or not. What else the control
/// plane refuses of the Service stays refused.
JUNCTION_EXPORT void override_policy(Backend& backend, Policy policy, std::string source);

/// A Service with its EndpointSlices, before anybody has judged them.
struct ServiceObjects {
  Service service;
  std::vector<EndpointSlice> slices;
};

/// Reads both. Fails where the Service does not exist (not_found) or the server says no.
JUNCTION_EXPORT Result<ServiceObjects> read_service(Client& client, const std::string& namespace_,
                                                    const std::string& service);

/// read_service(), then judge_backend().
JUNCTION_EXPORT Result<Backend> read_backend(Client& client, const std::string& namespace_,
                                             const std::string& service, std::uint16_t port);

/// Label selector of a Service's EndpointSlices.
JUNCTION_EXPORT std::string slices_selector(const std::string& service);

}  // namespace junction::kube
