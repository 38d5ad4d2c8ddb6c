#include "junction/documents.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace junction {
namespace {

using nlohmann::json;

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

template <typename T>
std::optional<T> whole_number(std::string_view text) {
  T value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

// A plain (unquoted) scalar by the YAML 1.2 core schema.
json plain_scalar(const std::string& text) {
  if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) return nullptr;
  if (is_one_of(text, {"true", "True", "TRUE"})) return true;
  if (is_one_of(text, {"false", "False", "FALSE"})) return false;
  const std::string_view digits = text.front() == '+' ? std::string_view(text).substr(1) : text;
  if (const auto number = whole_number<std::uint64_t>(digits))
    return *number;  // unsigned, as the JSON parser has it
  if (const auto number = whole_number<std::int64_t>(digits)) return *number;
  const bool numeric = digits.find_first_not_of("0123456789.eE+-") == std::string_view::npos;
  if (const auto number = whole_number<double>(digits); numeric && number && std::isfinite(*number))
    return *number;
  return text;
}

json to_json(const YAML::Node& node);

json map_to_json(const YAML::Node& node) {
  json object = json::object();
  for (const auto& item : node) {
    const auto key = item.first.as<std::string>();
    if (object.contains(key))
      throw YAML::ParserException(item.first.Mark(), "the key '" + key + "' is there twice");
    object[key] = to_json(item.second);
  }
  return object;
}

json to_json(const YAML::Node& node) {
  switch (node.Type()) {
    case YAML::NodeType::Map:
      return map_to_json(node);
    case YAML::NodeType::Sequence: {
      json list = json::array();
      for (const YAML::Node& item : node) list.push_back(to_json(item));
      return list;
    }
    case YAML::NodeType::Scalar:
      return node.Tag() == "!" ? json(node.Scalar()) : plain_scalar(node.Scalar());
    case YAML::NodeType::Null:
    case YAML::NodeType::Undefined:
      break;
  }
  return nullptr;
}

void append(std::vector<json>& documents, json document) {
  if (document.is_null()) return;
  const bool list = document.is_object() && document.contains("items") && document["items"].is_array() &&
                    document.value("kind", std::string()).ends_with("List");
  if (!list) return documents.push_back(std::move(document));
  for (json& item : document["items"]) documents.push_back(std::move(item));
}

}  // namespace

Result<std::vector<json>> parse_documents(std::string_view text, std::string_view origin) {
  std::vector<json> documents;
  // JSON is YAML too, but the JSON parser is quicker and knows all of \u; whatever it refuses may still be
  // YAML.
  if (json whole = json::parse(text, nullptr, false); !whole.is_discarded()) {
    append(documents, std::move(whole));
    return documents;
  }
  try {
    for (const YAML::Node& node : YAML::LoadAll(std::string(text))) append(documents, to_json(node));
  } catch (const YAML::Exception& error) {
    return Error{ErrorKind::invalid, fmt::format("{}:{}: {}", origin, error.mark.line + 1, error.msg)};
  }
  return documents;
}

Result<std::vector<json>> read_documents(const std::string& path) {
  auto text = read_file(path);
  if (!text) return std::move(text).error();
  return parse_documents(*text, path == "-" ? "standard input" : path);
}

}  // namespace junction
