#include "edge/sandbox/body.hpp"

#include "edge/sandbox/json_patch.hpp"
#include "junction/documents.hpp"
#include "junction/try.hpp"

namespace junction::sandbox {

using nlohmann::json;

Result<json, JsonFault> read_json_body(std::string_view body) {
  if (body.starts_with("\xEF\xBB\xBF")) return JsonFault{JsonFault::Kind::syntax, 0};  // no BOM for Go
  return read_json(body, {.bytes = longest_body, .depth = deepest_object});
}

Result<json> read_yaml_body(std::string_view body) {
  auto whole = read_json(body, {.bytes = longest_body, .depth = deepest_object});
  if (whole) return *std::move(whole);
  if (whole.error().kind == JsonFault::Kind::too_deep) return invalid_error("exceeded max depth");
  JUNCTION_TRY_ASSIGN(std::vector<json> documents, parse_documents(body, "body"));
  if (documents.empty()) return json();
  if (extent_of(documents.front()).depth > deepest_object) return invalid_error("exceeded max depth");
  return std::move(documents.front());
}

}  // namespace junction::sandbox
