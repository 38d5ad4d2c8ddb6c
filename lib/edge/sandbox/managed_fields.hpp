#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "edge/sandbox/status.hpp"

namespace junction::sandbox {

/// A leaf of an object, step by step as fieldsV1 spells it: "f:spec", "f:ports", "k:{\"port\":80,...}",
/// "f:port".
using FieldPath = std::vector<std::string>;
using FieldSet = std::set<FieldPath>;

/// Who changes an object, as metadata.managedFields records it.
struct FieldManager {
  std::string name;
  bool applies = false;     ///< server-side apply; else any other way of writing
  std::string api_version;  ///< of the request's body
  std::string subresource;
};

/// The leaves of what a client may own: not names, versions, status and the like. Lists without keys are
/// leaves.
FieldSet fields_of(const nlohmann::json& object);

nlohmann::json to_fields_v1(const FieldSet& fields);
FieldSet from_fields_v1(const nlohmann::json& fields);

/// Records in `next` that `manager` made it out of `before` by an update: what it changed is its own now.
void record_update(const nlohmann::json& before, nlohmann::json& next, const FieldManager& manager);

/// Server-side apply: `before` with the fields of `applied` set, and with those removed that this manager
/// applied earlier, does not any more, and nobody else owns. 409 naming every field that another manager owns
/// with another value, unless `force` takes them over.
Result<nlohmann::json, Status> server_side_apply(const nlohmann::json& before, const nlohmann::json& applied,
                                                 const FieldManager& manager, bool force);

}  // namespace junction::sandbox
