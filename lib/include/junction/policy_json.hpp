#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "junction/export.hpp"
#include "junction/policy.hpp"
#include "junction/result.hpp"

namespace junction {

/// Reads a policy as the control plane reads the annotation:
/// {"type":"RingHash","min_ring_size":1024,"hash_params":[..]}. Both spellings of field names are taken
/// (min_ring_size, minRingSize) and of hasher types (QueryParam, query). What the control plane would refuse
/// (an unknown type or field, a min_ring_size that is no unsigned 32-bit number) is refused here by name, as
/// such an annotation makes it drop the whole Service.
JUNCTION_EXPORT Result<Policy> parse_policy(std::string_view text);
JUNCTION_EXPORT Result<Policy> policy_from_json(const nlohmann::json& value);

/// "RingHash", "RoundRobin" or "Unspecified", spelt exactly so.
JUNCTION_EXPORT Result<Policy::Type> parse_policy_type(std::string_view text);
JUNCTION_EXPORT std::string_view policy_type_name(Policy::Type type);

/// "QueryParam" or "Header" (and, for Envoy only, "Cookie" and "SourceIp").
JUNCTION_EXPORT std::string_view hash_param_type_name(HashParam::Type type);

/// The policy as the control plane writes it: one line, snake_case, defaults spelt out, `terminal` only where
/// true, `hash_params` only where there are some.
JUNCTION_EXPORT std::string policy_json(const Policy& policy);

}  // namespace junction
