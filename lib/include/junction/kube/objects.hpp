#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "junction/export.hpp"
#include "junction/result.hpp"
#include "junction/service.hpp"

namespace junction::kube {

/// One entry of matchExpressions.
struct SelectorRequirement {
  std::string key;
  std::string operator_;  ///< In, NotIn, Exists or DoesNotExist
  std::vector<std::string> values;
};

struct LabelSelector {
  std::map<std::string, std::string> match_labels;
  std::vector<SelectorRequirement> match_expressions;

  /// As a query's labelSelector: "app=wineinfo,tier in (a,b)". Empty: selects everything.
  [[nodiscard]] JUNCTION_EXPORT std::string to_string() const;
};

struct Deployment {
  std::string name;
  std::string namespace_;
  LabelSelector selector;
  std::int32_t replicas = 1;  ///< asked for (spec.replicas)
  std::int32_t ready_replicas = 0;
  std::string resource_version;
};

struct Pod {
  std::string name;
  std::string namespace_;
  std::string ip;
  std::string phase;
  bool ready = false;
  std::vector<std::string> containers;  ///< spec.containers[].name
  std::map<std::string, std::string> labels;
};

/// These read API objects, from a server or a manifest. Fields that are missing or null take their defaults;
/// a field of the wrong type is an error that names it.
JUNCTION_EXPORT Result<Service> parse_service(const nlohmann::json& object);
JUNCTION_EXPORT Result<EndpointSlice> parse_endpoint_slice(const nlohmann::json& object);
/// An Endpoints object (v1), which clients of today do not read, as a slice a subset.
JUNCTION_EXPORT Result<std::vector<EndpointSlice>> parse_endpoints(const nlohmann::json& object);
JUNCTION_EXPORT Result<Deployment> parse_deployment(const nlohmann::json& object);
JUNCTION_EXPORT Result<Pod> parse_pod(const nlohmann::json& object);

}  // namespace junction::kube
