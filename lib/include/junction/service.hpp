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

  /// What the key of every policy's annotation begins with; its port follows.
  static constexpr std::string_view policy_prefix = "junctionlabs.io/backend.lb.";
  /// Key of the annotation that holds the policy of one port: junctionlabs.io/backend.lb.<port>.
  static std::string policy_annotation(std::uint16_t port);
  /// The port that an annotation of this key is the policy of; nothing where no port has such a key.
  static std::optional<std::uint16_t> policy_port(std::string_view key);
};

/// The Service's ports for people: "80, 81 (admin)", or "none".
JUNCTION_EXPORT std::string ports_in_words(const Service& service);

/// Something for which Junction's control plane refuses a Service, and gives clients no endpoint of any port
/// of it.
struct Refusal {
  enum class Kind : std::uint8_t {
    annotation,         ///< a policy that it cannot read
    service_type,       ///< neither ClusterIP nor ExternalName
    named_target_port,  ///< a targetPort that is no number
  };
  Kind kind = Kind::annotation;
  std::uint16_t port = 0;  ///< whose policy or targetPort it is; 0 for service_type
  std::string key;         ///< of the annotation
  std::string reason;      ///< for people: of an annotation, what is wrong with its policy; else a sentence

  /// A sentence of its own: "annotation KEY: REASON".
  [[nodiscard]] JUNCTION_EXPORT std::string to_string() const;
};

/// What Junction's control plane refuses of a Service beside its annotations.
/// Source: ezbake src/ingest.rs@830a2e6 (service_ports), junction-api src/kube/backend.rs@4689d7b
/// (from_service): one named targetPort leaves no port of the Service any endpoint.
JUNCTION_EXPORT std::vector<Refusal> refusals_of_shape(const Service& service);

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

/// A Kubernetes EndpointSlice (discovery.k8s.io/v1), or an Endpoints object that somebody took for one.
struct EndpointSlice {
  std::string name;
  std::string namespace_;    ///< empty: that of the Service
  std::string service;       ///< label kubernetes.io/service-name; empty: it has none
  std::string address_type;  ///< IPv4, IPv6 or FQDN
  std::vector<SlicePort> ports;
  std::vector<SliceEndpoint> endpoints;
  std::string resource_version;
  bool endpoints_object = false;  ///< of kind Endpoints, which no client of today reads
};

/// An endpoint that is listed somewhere but gets no traffic.
struct ExcludedEndpoint {
  enum class Why : std::uint8_t {
    not_serving,         ///< by its conditions
    no_ready_condition,  ///< it has none: ready to Kubernetes, not to Junction's control plane
    address_type,        ///< its slice is of a type that is not read
    bad_address,         ///< not an address of its slice's type
    other_port,          ///< its slice lacks the port
    other_namespace,     ///< its slice is not in the Service's namespace
    no_service_label,    ///< its slice does not say whose it is
    endpoints_object,    ///< an Endpoints object lists it, and no slice
  };
  std::string address;  ///< as the slice spells it, with the port where there is one
  Why why = Why::not_serving;
  std::string pod;
  std::string slice;
  std::string type;    ///< the slice's addressType
  std::string detail;  ///< what is wrong with the slice, a clause for people; empty: it is the endpoint

  friend bool operator==(const ExcludedEndpoint&, const ExcludedEndpoint&) = default;
};

/// "not_serving" and so on.
JUNCTION_EXPORT std::string_view why_name(ExcludedEndpoint::Why why);

/// The endpoints of one Service port, in the order the control plane hands them out (grouped by zone, zones
/// sorted).
struct BackendEndpoints {
  std::vector<Endpoint> endpoints;
  std::vector<ExcludedEndpoint> excluded;
  std::size_t slices = 0;  ///< EndpointSlices of the Service, with or without endpoints
};

/// Whose eyes slices are read with.
enum class SliceReading : std::uint8_t {
  /// Junction's control plane: IPv4 slices only; an endpoint counts when serving, or where that is unset
  /// ready, is true; the slice's port must match in name and targetPort.
  /// Source: ezbake src/ingest.rs@830a2e6 (build_clas, is_endpoint_ready).
  junction,
  /// Who reads Kubernetes as its API is documented, as control planes of Envoy and gRPC do: an endpoint
  /// counts
  /// unless ready is false; the slice's port must match in name and says the number; IPv6 slices count where
  /// there is nothing in IPv4 ones. Source: Kubernetes API, EndpointConditions and ServicePort.
  kubernetes,
};

/// The endpoints of a Service port, out of slices that may be other Services' too: those are passed over, and
/// whatever else is left out leaves its reason. REQUIRES: for Junction's reading, a targetPort that is a
/// number.
JUNCTION_EXPORT BackendEndpoints backend_endpoints(const Service& service, const ServicePort& port,
                                                   std::span<const EndpointSlice> slices,
                                                   SliceReading reading = SliceReading::junction);

}  // namespace junction
