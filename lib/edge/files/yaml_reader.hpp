#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace junction {

/// Why a text is no YAML. Thrown by read_yaml().
struct YamlError {
  std::size_t line = 0;  ///< from 1
  std::string message;
};

/// The documents of a YAML text, empty ones as null. Plain scalars follow the core schema of YAML 1.2;
/// aliases and merge keys (<<) are resolved.
std::vector<nlohmann::json> read_yaml(std::string_view text);

}  // namespace junction
