#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "junction/result.hpp"

namespace junction::kube {

/// A field of an API object has a type it cannot have. Thrown by the readers below, caught by reading().
struct FieldError {
  std::string message;
};

/// The field, or null where it is missing or null (the API writes absent lists both ways).
inline const nlohmann::json& field(const nlohmann::json& object, const char* name) {
  static const nlohmann::json none;
  if (!object.is_object()) return none;
  const auto found = object.find(name);
  return found == object.end() ? none : *found;
}

[[noreturn]] inline void wrong_field(const char* name, const char* wanted, const nlohmann::json& found) {
  throw FieldError{fmt::format("{} must be {}, not {}", name, wanted, found.dump().substr(0, 80))};
}

inline std::string text_field(const nlohmann::json& object, const char* name, std::string missing = {}) {
  const nlohmann::json& value = field(object, name);
  if (value.is_null()) return missing;
  if (!value.is_string()) wrong_field(name, "a string", value);
  return value.get<std::string>();
}

inline std::optional<bool> bool_field(const nlohmann::json& object, const char* name) {
  const nlohmann::json& value = field(object, name);
  if (value.is_null()) return std::nullopt;
  if (!value.is_boolean()) wrong_field(name, "true or false", value);
  return value.get<bool>();
}

template <typename Integer>
std::optional<Integer> number_field(const nlohmann::json& object, const char* name) {
  const nlohmann::json& value = field(object, name);
  if (value.is_null()) return std::nullopt;
  const bool fits = value.is_number_integer() && value >= std::numeric_limits<Integer>::min() &&
                    value <= std::numeric_limits<Integer>::max();
  if (!fits) wrong_field(name, "a whole number in range", value);
  return value.get<Integer>();
}

inline const nlohmann::json& list_field(const nlohmann::json& object, const char* name) {
  static const nlohmann::json none = nlohmann::json::array();
  const nlohmann::json& value = field(object, name);
  if (value.is_null()) return none;
  if (!value.is_array()) wrong_field(name, "a list", value);
  return value;
}

inline const nlohmann::json& map_field(const nlohmann::json& object, const char* name) {
  static const nlohmann::json none = nlohmann::json::object();
  const nlohmann::json& value = field(object, name);
  if (value.is_null()) return none;
  if (!value.is_object()) wrong_field(name, "a map", value);
  return value;
}

/// Runs `read`, which uses the readers above; a field of the wrong type becomes an Error that says in `what`
/// (empty: the caller says so).
template <typename Read>
auto reading(const std::string& what, Read read) -> Result<decltype(read())> {
  try {
    return read();
  } catch (const FieldError& error) {
    return Error{ErrorKind::invalid, fmt::format("{}{}{}", what, what.empty() ? "" : ": ", error.message)};
  } catch (const nlohmann::json::exception& error) {
    return Error{ErrorKind::invalid, fmt::format("{}{}{}", what, what.empty() ? "" : ": ", error.what())};
  }
}

}  // namespace junction::kube
