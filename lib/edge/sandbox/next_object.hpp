#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "edge/sandbox/api.hpp"
#include "edge/sandbox/status.hpp"
#include "edge/sandbox/writing.hpp"

namespace junction::sandbox {

/// Refuses a resourceVersion in `next` that is not the current one, and sets it to that.
Result<void, Status> check_version(const ResourcePath& target, const nlohmann::json& current,
                                   nlohmann::json& next);

/// An object that does not exist yet, out of what a client sent.
Result<nlohmann::json, Status> new_object(const ResourcePath& target, nlohmann::json object,
                                          std::int64_t max_replicas);

/// The next state of an object that exists: changed, checked, and with its managers told.
Result<nlohmann::json, Status> next_object(const Writing& writing, const ResourcePath& target,
                                           const nlohmann::json& current, std::int64_t max_replicas);

}  // namespace junction::sandbox
