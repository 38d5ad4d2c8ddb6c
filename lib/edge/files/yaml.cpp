#include <yaml-cpp/yaml.h>

#include <nlohmann/json.hpp>
#include <string>

#include "junction/documents.hpp"

namespace junction {
namespace {

// A string that a YAML reader would take for something else goes in quotes.
bool needs_quotes(const std::string& text) {
  if (text.empty() || text.front() == ' ' || text.back() == ' ') return true;
  if (text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./ ") !=
      std::string::npos)
    return true;
  static constexpr const char* words[] = {
      "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE", "yes", "Yes", "YES", "no",
      "No",   "NO",   "on",   "On",   "ON",   "off",  "Off",   "OFF",   "y",     "Y",   "n",   "N",   "~"};
  for (const char* word : words)
    if (text == word) return true;
  const char first = text.front();
  return first == '-' || first == '.' || (first >= '0' && first <= '9');
}

template <typename Json>
void emit(YAML::Emitter& out, const Json& value) {
  if (value.is_object()) {
    if (value.empty()) out << YAML::Flow;
    out << YAML::BeginMap;
    for (const auto& item : value.items()) {
      out << YAML::Key << item.key() << YAML::Value;
      emit(out, item.value());
    }
    out << YAML::EndMap;
  } else if (value.is_array()) {
    if (value.empty()) out << YAML::Flow;
    out << YAML::BeginSeq;
    for (const auto& item : value) emit(out, item);
    out << YAML::EndSeq;
  } else if (value.is_string()) {
    const auto& text = value.template get_ref<const std::string&>();
    if (needs_quotes(text)) out << YAML::DoubleQuoted;
    out << text;
  } else if (value.is_null()) {
    out << YAML::Null;
  } else {
    out << value.dump();
  }
}

template <typename Json>
std::string write(const Json& value) {
  YAML::Emitter out;
  emit(out, value);
  return std::string(out.c_str()) + "\n";
}

}  // namespace

std::string to_yaml(const nlohmann::json& value) {
  return write(value);
}
std::string to_yaml(const nlohmann::ordered_json& value) {
  return write(value);
}

}  // namespace junction
