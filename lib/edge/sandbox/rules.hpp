#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "edge/sandbox/resource_type.hpp"
#include "edge/sandbox/status.hpp"

namespace junction::sandbox {

/// Fills in what a real API server fills in: a port's protocol and targetPort, a Service's type, a clusterIP.
void set_defaults(const ResourceType& type, nlohmann::json& object);

/// What a real API server refuses of a Service or Deployment: 422 with every fault named, nothing where all
/// is well.
Result<void, Status> check_object(const ResourceType& type, const nlohmann::json& object,
                                  std::int64_t max_replicas);

/// Faults of a number of replicas, at `field`.
std::vector<Cause> check_replicas(std::int64_t replicas, std::int64_t max_replicas);

/// The 422 for an object whose fields have the wrong types; it quotes the object, as the real server does.
Status wrong_types(const nlohmann::json& object, const std::string& why);

}  // namespace junction::sandbox
