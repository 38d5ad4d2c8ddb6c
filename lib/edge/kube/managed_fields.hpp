#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "junction/kube/policy_change.hpp"
#include "junction/result.hpp"

namespace junction::kube {

/// The body of a server-side apply that makes `change`. Apply takes away what a manager applied before and
/// leaves out now; so the body carries every annotation that `manager` applied, with its value of today, and
/// the resourceVersion that they were read at. A manager that applied more than annotations is refused:
/// leaving its ports out would take them away.
Result<nlohmann::json> apply_body(const nlohmann::json& service, const PolicyChange& change,
                                  const std::string& manager);

/// The field managers that own an annotation, as `"kubectl", "flux"`; empty: nobody says so.
std::string owners_of(const nlohmann::json& service, const std::string& annotation);

}  // namespace junction::kube
