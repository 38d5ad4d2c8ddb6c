#include "edge/sandbox/go_words.hpp"

#include <fmt/format.h>

namespace junction::sandbox {
namespace {

using nlohmann::json;

std::string quoted(const std::string& text) {
  return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

/// The members of a map or list in one line: `before` each but the first, as `name` of a map's member.
template <typename Show>
std::string members(const json& value, const char* before, Show show) {
  std::string text;
  for (const auto& [name, member] : value.items()) text += (text.empty() ? "" : before) + show(name, member);
  return text;
}

/// A byte as the character that Go takes it for: Latin-1, written in UTF-8.
std::string latin1(unsigned char byte) {
  if (byte < 0x80) return std::string(1, static_cast<char>(byte));
  return byte < 0xc0 ? fmt::format("\xc2{}", static_cast<char>(byte))
                     : fmt::format("\xc3{}", static_cast<char>(byte - 0x40));
}

}  // namespace

const char* go_type(const json& value) {
  if (value.is_object()) return "object";
  if (value.is_array()) return "array";
  if (value.is_string()) return "string";
  if (value.is_boolean()) return "bool";
  return value.is_null() ? "null" : "number";
}

std::string go_print(const json& value) {
  if (value.is_object())
    return "map[" +
           members(
               value, " ",
               [](const std::string& name, const json& member) { return name + ":" + go_print(member); }) +
           "]";
  if (value.is_array())
    return "[" +
           members(value, " ", [](const std::string&, const json& member) { return go_print(member); }) + "]";
  if (value.is_string()) return value.get<std::string>();
  return value.is_null() ? "<nil>" : value.dump();
}

std::string go_syntax(const json& value) {
  if (value.is_object())
    return "map[string]interface {}{" +
           members(value, ", ",
                   [](const std::string& name, const json& member) {
                     return quoted(name) + ":" + go_syntax(member);
                   }) +
           "}";
  if (value.is_array())
    return "[]interface {}{" +
           members(value, ", ", [](const std::string&, const json& member) { return go_syntax(member); }) +
           "}";
  if (value.is_string()) return quoted(value.get<std::string>());
  return value.is_null() ? "interface {}(nil)" : value.dump();
}

std::string go_parse_error(const JsonFault& fault, std::string_view body) {
  if (fault.kind == JsonFault::Kind::too_deep) return "exceeded max depth";
  if (fault.kind == JsonFault::Kind::too_large) {
    const auto start = body.find_last_not_of("0123456789+-.eE", fault.offset);
    return fmt::format("json: cannot unmarshal number {} into Go value of type float64",
                       body.substr(start + 1, fault.offset - start).substr(0, 40));
  }
  if (fault.offset >= body.size() || body.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return "unexpected end of JSON input";
  const bool complete = read_json(body.substr(0, fault.offset)).ok();
  return fmt::format("invalid character '{}' {}", latin1(static_cast<unsigned char>(body[fault.offset])),
                     complete ? "after top-level value" : "looking for beginning of value");
}

}  // namespace junction::sandbox
