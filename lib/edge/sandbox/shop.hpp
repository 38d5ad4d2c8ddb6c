#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

#include "edge/sandbox/object_store.hpp"
#include "junction/endpoint.hpp"

namespace junction::sandbox {

/// The wineinfo shop as API objects: what the sandbox's controller and its start write into the store.

inline constexpr const char* shop_namespace = "default";
inline constexpr const char* recs = "wineinfo-recs";

/// A pod as an EndpointSlice sees it.
struct PodFacts {
  std::string name;
  std::string uid;
  SocketAddress address;
};

/// Namespaces, the Services and the Deployment of a shop that has just been set up with `replicas` replicas.
void set_up_shop(ObjectStore& store, std::int64_t replicas);

nlohmann::json make_pod(const nlohmann::json& deployment, const std::string& name,
                        const SocketAddress& address);

/// EndpointSlices of at most 100 endpoints for a Service, as Kubernetes' own controller makes them.
std::vector<nlohmann::json> make_slices(const nlohmann::json& service, std::span<const PodFacts> pods);
nlohmann::json make_endpoints(const nlohmann::json& service, std::span<const PodFacts> pods);

/// `count` letters and digits as in names that Kubernetes makes, derived from `seed`.
std::string name_suffix(std::string_view seed, std::size_t count);

ObjectKey deployment_key();
ObjectKey service_key();

}  // namespace junction::sandbox
