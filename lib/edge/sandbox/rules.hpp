#pragma once

#include <nlohmann/json.hpp>

#include "edge/sandbox/causes.hpp"
#include "edge/sandbox/resource_type.hpp"
#include "edge/sandbox/status.hpp"

namespace junction::sandbox {

/// What a real API server refuses of an object whose fields have the right types (see schema.hpp): 422, every
/// fault named in its words. Source: k8s.io/kubernetes pkg/apis/{core,apps}/validation/validation.go (v1.33).

/// Fills in what a real API server fills in: a port's protocol and targetPort, a Service's type, a
/// Deployment's replicas.
void set_defaults(const ResourceType& type, nlohmann::json& object);

/// Refuses an object that no cluster would store. `current` null: it is new.
Result<void, Status> check_object(const ResourceType& type, const nlohmann::json& object,
                                  const nlohmann::json& current, std::int64_t max_replicas);

/// Faults of a number of replicas, at spec.replicas.
void check_replicas(Causes& causes, std::int64_t replicas, std::int64_t max_replicas);

/// Labels, as metadata, selectors and templates have them.
void check_labels(Causes& causes, const nlohmann::json& labels, const std::string& field);
void check_metadata(Causes& causes, const ResourceType& type, const nlohmann::json& metadata);
void check_service(Causes& causes, const nlohmann::json& spec, const nlohmann::json& current_spec);
void check_deployment(Causes& causes, const nlohmann::json& spec, const nlohmann::json& current_spec,
                      std::int64_t max_replicas);
/// One port number, wherever it stands.
void check_port_number(Causes& causes, std::int64_t port, const std::string& field);

}  // namespace junction::sandbox
