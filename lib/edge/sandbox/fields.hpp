#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace junction::sandbox {

/// Readers of objects whose shape nobody vouches for: none of them throws, none looks where nothing is. (The
/// const operator[] of nlohmann::json reads behind the map where a key is missing.)

/// The member at a path of names; null where a step of it is not there.
inline const nlohmann::json& look(const nlohmann::json& object) {
  return object;
}
template <typename... More>
const nlohmann::json& look(const nlohmann::json& object, const char* name, More... more) {
  static const nlohmann::json nothing;
  if (!object.is_object()) return nothing;
  const auto found = object.find(name);
  return found == object.end() ? nothing : look(*found, more...);
}

inline std::string text_or(const nlohmann::json& value, const char* otherwise = "") {
  return value.is_string() ? value.get<std::string>() : otherwise;
}

inline std::int64_t whole_or(const nlohmann::json& value, std::int64_t otherwise) {
  return value.is_number_integer() ? value.get<std::int64_t>() : otherwise;
}

/// The value where it is a list, else an empty one.
inline const nlohmann::json& list_or_none(const nlohmann::json& value) {
  static const nlohmann::json none = nlohmann::json::array();
  return value.is_array() ? value : none;
}

/// The value where it is a map, else an empty one.
inline const nlohmann::json& map_or_none(const nlohmann::json& value) {
  static const nlohmann::json none = nlohmann::json::object();
  return value.is_object() ? value : none;
}

}  // namespace junction::sandbox
