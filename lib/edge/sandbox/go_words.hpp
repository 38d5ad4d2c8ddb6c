#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "edge/files/json.hpp"

namespace junction::sandbox {

/// What a real API server, which is written in Go, says of JSON values.

/// "object", "array", "string", "number", "bool" or "null", as encoding/json names them.
const char* go_type(const nlohmann::json& value);
/// As fmt's %v prints it: map[a:b], [1 2], <nil>.
std::string go_print(const nlohmann::json& value);
/// As fmt's %#v prints it: map[string]interface {}{"a":"b"}.
std::string go_syntax(const nlohmann::json& value);
/// What encoding/json says of a body that could not be read.
std::string go_parse_error(const JsonFault& fault, std::string_view body);

}  // namespace junction::sandbox
