#include "edge/sandbox/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "edge/sandbox/fields.hpp"
#include "edge/sandbox/go_words.hpp"

namespace junction::sandbox {
namespace {

using nlohmann::json;
using Kind = GoType::Kind;

constexpr const char* type_meta =
    "Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string "
    "\"json:\\\"kind,omitempty\\\"\" }";

template <typename Integer>
bool holds(const json& value) {
  if (value.is_number_unsigned())
    return value.get<std::uint64_t>() <= static_cast<std::uint64_t>(std::numeric_limits<Integer>::max());
  return value.is_number_integer() && value.get<std::int64_t>() >= std::numeric_limits<Integer>::min();
}

bool fits(const json& value, Kind kind) {
  switch (kind) {
    case Kind::boolean:
      return value.is_boolean();
    case Kind::int32:
      return holds<std::int32_t>(value);
    case Kind::int64:
      return holds<std::int64_t>(value);
    case Kind::text:
      return value.is_string();
    case Kind::int_or_text:
      return value.is_string() || holds<std::int32_t>(value);
    case Kind::list:
      return value.is_array();
    case Kind::map:
    case Kind::structure:
      break;
  }
  return value.is_object();
}

json empty_value(Kind kind) {
  switch (kind) {
    case Kind::boolean:
      return false;
    case Kind::int32:
    case Kind::int64:
    case Kind::int_or_text:
      return 0;
    case Kind::text:
      return "";
    case Kind::list:
      return json::array();
    case Kind::map:
    case Kind::structure:
      break;
  }
  return json::object();
}

/// Walks an object along its type; remembers where it is for the sake of a fault.
class Decoder {
 public:
  bool check(json& value, const GoType& type) {
    if (!fits(value, type.kind)) return refuse(value, type);
    if (type.kind == Kind::structure) return structure(value, type);
    if (type.kind == Kind::list || type.kind == Kind::map) return members(value, type);
    return true;
  }

  std::optional<TypeFault> fault;

 private:
  bool refuse(const json& value, const GoType& type) {
    fault = TypeFault{holder_, field_, place_, type.name, value};
    return false;
  }

  bool structure(json& object, const GoType& type) {
    const std::string outer = std::exchange(holder_, type.name.substr(type.name.rfind('.') + 1));
    for (const auto& [name, field_type] : type.fields) {
      const auto found = object.find(name);
      if (found == object.end()) continue;
      if (found->is_null()) {
        object.erase(found);
        continue;
      }
      if (!below(*found, *field_type, (field_.empty() ? "" : ".") + name, "." + name)) return false;
    }
    holder_ = outer;
    return true;
  }

  bool members(json& container, const GoType& type) {
    std::size_t index = 0;
    for (auto member = container.begin(); member != container.end(); ++member, ++index) {
      if (member->is_null()) *member = empty_value(type.item->kind);
      const std::string step = type.kind == Kind::map ? "." + member.key() : fmt::format("[{}]", index);
      if (!below(*member, *type.item, "", step)) return false;
    }
    return true;
  }

  bool below(json& member, const GoType& type, const std::string& field_step, const std::string& place_step) {
    const std::size_t field_size = field_.size(), place_size = place_.size();
    field_ += field_step;
    place_ += place_step;
    const bool good = check(member, type);
    field_.resize(field_size);
    place_.resize(place_size);
    return good;
  }

  std::string holder_, field_, place_;
};

/// "bool", "map", ...: what server-side apply's schema calls the type.
std::string schema_name(const std::string& go_name) {
  if (go_name.starts_with("[]")) return "list";
  if (go_name.starts_with("map[") || go_name.ends_with("Spec") || go_name.ends_with("Meta")) return "map";
  if (go_name.starts_with("int")) return "numeric";
  return go_name == "bool" ? "boolean" : "string";
}

}  // namespace

std::string TypeFault::unmarshal_error() const {
  const bool number = found.is_number() && wanted.starts_with("int");
  const std::string what = fmt::format("json: cannot unmarshal {}{} into ", go_type(found),
                                       number ? " " + found.dump() : std::string());
  if (field.empty()) return "couldn't get version/kind; json parse error: " + what + type_meta;
  const bool of_type_meta = field == "kind" || field == "apiVersion";
  return fmt::format("{}{}Go struct field {}.{} of type {}",
                     of_type_meta ? "couldn't get version/kind; json parse error: " : "", what,
                     of_type_meta ? "" : holder, field, wanted);
}

std::string TypeFault::convert_error() const {
  const std::string kind = found.is_object()         ? "map"
                           : found.is_array()        ? "slice"
                           : found.is_string()       ? "string"
                           : found.is_boolean()      ? "bool"
                           : found.is_number_float() ? "float64"
                                                     : "int64";
  if (wanted.starts_with("map[")) return "cannot restore map from " + kind;
  if (wanted.starts_with("[]")) return "cannot restore slice from " + kind;
  const bool structure = schema_name(wanted) == "map";
  if (structure) return "cannot restore struct from: " + kind;
  return "unrecognized type: " + std::string(schema_name(wanted) == "numeric" ? wanted : schema_name(wanted));
}

std::string TypeFault::typed_patch_error() const {
  return fmt::format("{}: expected {}, got &value.valueUnstructured{{Value:{}}}", place, schema_name(wanted),
                     go_syntax(found));
}

std::optional<TypeFault> decode(json& object, const GoType& type) {
  Decoder decoder;
  decoder.check(object, type);
  return std::move(decoder.fault);
}

}  // namespace junction::sandbox
