#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "edge/sandbox/status.hpp"

namespace junction::sandbox {

/// The key that tells the members of a list of objects apart, e.g. "port" for a Service's spec.ports. Empty:
/// the list is replaced as a whole. Source: the patchMergeKey tags of k8s.io/api core/v1 types.go, for the
/// kinds served here.
std::string merge_key(std::string_view parent, std::string_view list);

/// Kubernetes' own merge patch: as RFC 7386, but lists that have a merge key are merged member by member.
/// Knows the directives $patch: delete and replace, $setElementOrder/<list>, $deleteFromPrimitiveList/<list>
/// and $retainKeys.
Result<nlohmann::json, Status> strategic_merge(const nlohmann::json& object, const nlohmann::json& patch);

}  // namespace junction::sandbox
