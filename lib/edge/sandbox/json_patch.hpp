#pragma once

#include <nlohmann/json.hpp>

#include "edge/sandbox/status.hpp"

namespace junction::sandbox {

/// What a value takes: lists and maps within each other, and bytes, roughly, as text.
struct Extent {
  std::size_t depth = 0, bytes = 0;
};
Extent extent_of(const nlohmann::json& value);

/// `object` with a JSON patch (RFC 6902) applied. A patch can be small and ask for much (an object copied
/// into itself doubles with every step), so what it copies and how deep it builds are bounded, as on a real
/// server. REQUIRES: `patch` is a list, and neither it nor `object` is deeper than deepest_object.
Result<nlohmann::json, Status> apply_json_patch(nlohmann::json object, const nlohmann::json& patch);

}  // namespace junction::sandbox
