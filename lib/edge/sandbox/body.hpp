#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "edge/files/json.hpp"

namespace junction::sandbox {

/// How deep lists and maps of a body, and so of a stored object, may lie within each other: no field of a
/// real one comes near.
inline constexpr std::size_t deepest_object = 100;
/// Bytes of a body, as kube-apiserver's own limit.
inline constexpr std::size_t longest_body = 3 << 20;

Result<nlohmann::json, JsonFault> read_json_body(std::string_view body);

/// The first document of a body that may be YAML (or JSON, which is YAML too); null where there is none.
Result<nlohmann::json> read_yaml_body(std::string_view body);

}  // namespace junction::sandbox
