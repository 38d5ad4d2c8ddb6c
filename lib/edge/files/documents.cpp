#include "junction/documents.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>

#include "edge/files/yaml_reader.hpp"

namespace junction {
namespace {

using nlohmann::json;

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
    for (json& document : read_yaml(text)) append(documents, std::move(document));
  } catch (const YamlError& error) {
    return Error{ErrorKind::invalid, fmt::format("{}:{}: {}", origin, error.line, error.message)};
  }
  return documents;
}

Result<std::vector<json>> read_documents(const std::string& path) {
  auto text = read_file(path);
  if (!text) return std::move(text).error();
  return parse_documents(*text, path == "-" ? "standard input" : path);
}

}  // namespace junction
