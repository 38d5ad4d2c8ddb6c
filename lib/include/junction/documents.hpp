#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "junction/export.hpp"
#include "junction/result.hpp"
#include "junction/text_file.hpp"

namespace junction {

/// The documents of a YAML or JSON text, as JSON values; empty documents are left out, and a Kubernetes List
/// is replaced by its items. Scalars follow the YAML 1.2 core schema; quoted ones are strings. `origin` names
/// the text in errors ("backend.yaml"), which carry the line.
JUNCTION_EXPORT Result<std::vector<nlohmann::json>> parse_documents(std::string_view text,
                                                                    std::string_view origin);

/// The same of a file; "-" is standard input.
JUNCTION_EXPORT Result<std::vector<nlohmann::json>> read_documents(const std::string& path);

/// A JSON value as block-style YAML, ready for `kubectl -f`; ends with a newline.
JUNCTION_EXPORT std::string to_yaml(const nlohmann::json& value);
JUNCTION_EXPORT std::string to_yaml(const nlohmann::ordered_json& value);

}  // namespace junction
