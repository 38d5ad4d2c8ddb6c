#pragma once

#include <nlohmann/json.hpp>

namespace junction::sandbox {

/// The autoscaling/v1 Scale of a Deployment.
nlohmann::json scale_of(const nlohmann::json& deployment);

}  // namespace junction::sandbox
