#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace junction::sandbox {

/// One kind of object the API serves.
struct ResourceType {
  std::string group;  ///< empty: the core group
  std::string version;
  std::string plural;
  std::string singular;
  std::string kind;
  bool namespaced = true;
  std::vector<std::string> short_names;
  std::vector<std::string> verbs;
  std::vector<std::string> subresources;  ///< such as "scale"
  std::vector<std::string> categories;

  [[nodiscard]] std::string api_version() const { return group.empty() ? version : group + "/" + version; }
};

std::span<const ResourceType> resource_types();
const ResourceType* find_resource_type(std::string_view group, std::string_view version,
                                       std::string_view plural);

/// The discovery documents in their old form, which every kubectl still reads: /api, /apis, /api/v1,
/// /apis/<group>, /apis/<group>/<version>. Nothing for any other path.
std::optional<nlohmann::json> discovery_document(std::string_view path);

/// What GET /version answers.
nlohmann::json version_document();

}  // namespace junction::sandbox
