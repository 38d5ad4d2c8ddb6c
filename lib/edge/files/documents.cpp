#include "junction/documents.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>

#include "edge/files/byte_source.hpp"
#include "edge/files/json_stream.hpp"
#include "edge/files/yaml_reader.hpp"
#include "junction/text_file.hpp"
#include "junction/try.hpp"

namespace junction {
namespace {

using nlohmann::json;

std::string_view text_at(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? std::string_view(found->get_ref<const std::string&>())
                                                     : std::string_view{};
}

// The items of a list are documents of their own. As the API server sends it, a ServiceList (unlike a List,
// which kubectl makes) says kind and apiVersion once for all of them.
void append(std::vector<json>& documents, json document) {
  if (document.is_null()) return;
  const std::string kind(document.is_object() ? text_at(document, "kind") : std::string_view{});
  const auto items = kind.ends_with("List") ? document.find("items") : document.end();
  if (items == document.end() || !(items->is_array() || items->is_null()))
    return documents.push_back(std::move(document));
  const std::string version(text_at(document, "apiVersion")), kind_of_items = kind.substr(0, kind.size() - 4);
  for (json& item : *items) {
    if (item.is_object() && !kind_of_items.empty()) {
      if (!item.contains("kind")) item["kind"] = kind_of_items;
      if (!item.contains("apiVersion") && !version.empty()) item["apiVersion"] = version;
    }
    documents.push_back(std::move(item));
  }
}

Result<std::vector<json>> parse_yaml(std::string_view text, std::string_view origin) {
  try {
    return read_yaml(text);
  } catch (const YamlError& error) {
    return Error{ErrorKind::invalid, fmt::format("{}:{}: {}", origin, error.line, error.message)};
  }
}

// JSON is YAML too, but the JSON parser is quicker, knows all of \u and takes one value after another, as
// `kubectl get -o json` leaves them in a file that is added to. What it refuses at once may still be YAML,
// whose maps may begin like JSON's.
Result<std::vector<json>> parse_any(std::string_view text, std::string_view origin) {
  const std::size_t first = text.find_first_not_of(" \t\r\n\x1e");
  if (first == std::string_view::npos || (text[first] != '{' && text[first] != '['))
    return parse_yaml(text, origin);
  auto stream = parse_json_stream(text);
  if (stream.result) return std::move(stream.values);
  auto yaml = parse_yaml(text, origin);
  if (yaml || stream.values.empty()) return yaml;
  return stream.result.error().at(origin);
}

}  // namespace

Result<std::vector<json>> parse_documents(std::string_view text, std::string_view origin) {
  JUNCTION_TRY_ASSIGN(std::vector<json> all, parse_any(text, origin));
  std::vector<json> documents;
  for (json& document : all) append(documents, std::move(document));
  return documents;
}

Result<std::vector<json>> read_documents(const std::string& path) {
  JUNCTION_TRY_ASSIGN(const std::string text, read_text(path));
  return parse_documents(text, source_name(path));
}

}  // namespace junction
