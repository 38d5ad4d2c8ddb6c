#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "junction/endpoint.hpp"
#include "junction/export.hpp"
#include "junction/result.hpp"

namespace junction {

struct ServicePort {
  std::string name;  ///< empty: unnamed
  std::uint16_t port = 0;
  std::string protocol = "TCP";
  std::variant<std::uint16_t, std::string> target_port;  ///< a number, or the name of a container port

  friend bool operator==(const ServicePort&, const ServicePort&) = default;
};

/// The parts of a Kubernetes Service that load balancing looks at.
struct JUNCTION_EXPORT Service {
  std::string name;
  std::string namespace_;
  std::string type = "ClusterIP";
  std::string external_name;  ///< type ExternalName only
  std::vector<ServicePort> ports;
  std::map<std::string, std::string> annotations;
  std::string resource_version;

  /// The port as Junction sees it; ExternalName without ports means 80 and 443. Null: the Service lacks it.
  [[nodiscard]] std::optional<ServicePort> find_port(std::uint16_t port) const;

  /// Key of the annotation that holds the policy of one port: junctionlabs.io/backend.lb.<port>.
  static std::string policy_annotation(std::uint16_t port);
};

struct SliceEndpoint {
  std::vector<std::string> addresses;
  std::optional<bool> ready, serving, terminating;  ///< a condition may be absent
  std::string zone;
  std::string pod;  ///< targetRef.name where targetRef is a Pod
  std::string hostname;
};

struct SlicePort {
  std::string name;
  std::optional<std::uint16_t> port;
  std::string protocol = "TCP";
};

/// A Kubernetes EndpointSlice (discovery.k8s.io/v1).
struct EndpointSlice {
  std::string name;
  std::string namespace_;
  std::string service;       ///< label kubernetes.io/service-name
  std::string address_type;  ///< IPv4, IPv6 or FQDN
  std::vector<SlicePort> ports;
  std::vector<SliceEndpoint> endpoints;
  std::string resource_version;
};

/// An endpoint that the slices list but that gets no traffic.
struct ExcludedEndpoint {
  enum class Why { not_serving, address_type, bad_address };
  std::string address;  ///< as the slice spells it, with the port
  Why why = Why::not_serving;
  std::string pod;
  std::string slice;
};

/// The endpoints of one Service port, in the order the control plane hands them out (grouped by zone, zones
/// sorted).
struct BackendEndpoints {
  std::vector<Endpoint> endpoints;
  std::vector<ExcludedEndpoint> excluded;
};

/// What Junction's control plane (ezbake) makes of a Service port and its slices: IPv4 slices only; an
/// endpoint counts when serving, or where that is unset ready, is true; the slice port must match in name and
/// targetPort. Fails where the Service lacks the port, is not ClusterIP, or its targetPort is a name.
JUNCTION_EXPORT Result<BackendEndpoints> backend_endpoints(const Service& service, std::uint16_t port,
                                                           std::span<const EndpointSlice> slices);

}  // namespace junction
