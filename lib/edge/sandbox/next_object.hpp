#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "edge/sandbox/api.hpp"
#include "edge/sandbox/status.hpp"
#include "edge/sandbox/writing.hpp"

namespace junction::sandbox {

/// Refuses a resourceVersion in `next` that is not the current one, and sets it to that.
std::optional<Status> check_version(const Target& target, const nlohmann::json& current,
                                    nlohmann::json& next);

/// An object that does not exist yet, out of what a client sent.
Answer<nlohmann::json> new_object(const Target& target, nlohmann::json object, std::int64_t max_replicas);

/// The next state of an object that exists: changed, checked, and with its managers told.
Answer<nlohmann::json> next_object(const Writing& writing, const Target& target,
                                   const nlohmann::json& current, std::int64_t max_replicas);

}  // namespace junction::sandbox
