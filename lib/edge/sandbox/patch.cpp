#include "edge/sandbox/patch.hpp"

#include <fmt/format.h>

#include "edge/sandbox/strategic_merge.hpp"
#include "junction/documents.hpp"

namespace junction::sandbox {
namespace {

using nlohmann::json;

const char* go_type(const json& value) {
  switch (value.type()) {
    case json::value_t::array:
      return "array";
    case json::value_t::string:
      return "string";
    case json::value_t::boolean:
      return "bool";
    case json::value_t::null:
      return "null";
    default:
      return value.is_number() ? "number" : "object";
  }
}

/// What Go's encoding/json says about text that is not JSON, as far as it can be told from where parsing
/// stopped.
std::string go_parse_error(std::string_view body) {
  const auto start = body.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return "unexpected end of JSON input";
  try {
    const json parsed = json::parse(body);
  } catch (const json::parse_error& error) {
    const std::size_t at = error.byte == 0 ? 0 : error.byte - 1;
    if (at >= body.size()) return "unexpected end of JSON input";
    const auto byte = static_cast<unsigned char>(body[at]);
    const std::string shown = byte < 0x80   ? std::string(1, static_cast<char>(byte))
                              : byte < 0xc0 ? fmt::format("\xc2{}", static_cast<char>(byte))
                                            : fmt::format("\xc3{}", static_cast<char>(byte - 0x40));
    const bool complete = json::accept(body.substr(0, at));
    return fmt::format("invalid character '{}' {}", shown,
                       complete ? "after top-level value" : "looking for beginning of value");
  }
  return "invalid JSON";
}

Result<json, Status> parse_apply(std::string_view body) {
  auto documents = parse_documents(body, "body");
  if (!documents)
    return bad_request("error decoding YAML: error converting YAML to JSON: " + documents.error().message);
  if (documents->empty() || !documents->front().is_object())
    return bad_request("invalid object type: /, Kind=");
  return std::move(documents->front());
}

Result<json, Status> apply_json_patch(const json& object, const json& patch) {
  try {
    return object.patch(patch);
  } catch (const json::exception&) {
    return patch_rejected();
  }
}

}  // namespace

Result<PatchKind, Status> patch_kind(std::string_view content_type) {
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  if (type == "application/merge-patch+json") return PatchKind::merge;
  if (type == "application/strategic-merge-patch+json") return PatchKind::strategic;
  if (type == "application/json-patch+json") return PatchKind::json;
  if (type == "application/apply-patch+yaml") return PatchKind::apply;
  return unsupported_media_type("415: Unsupported Media Type");
}

Result<json, Status> parse_patch(PatchKind kind, std::string_view body) {
  if (kind == PatchKind::apply) return parse_apply(body);
  const std::string prefix = kind == PatchKind::strategic ? "" : "error decoding patch: ";
  json patch = json::parse(body, nullptr, false);
  if (patch.is_discarded()) return bad_request(prefix + go_parse_error(body));
  if (kind == PatchKind::json && !patch.is_array())
    return bad_request(prefix + fmt::format("json: cannot unmarshal {} into Go value of type jsonpatch.Patch",
                                            go_type(patch)));
  if (kind != PatchKind::json && patch.is_null()) return bad_request("Invalid JSON Patch");
  if (kind != PatchKind::json && !patch.is_object())
    return bad_request(
        prefix + fmt::format("json: cannot unmarshal {} into Go value of type map[string]interface {{}}",
                             go_type(patch)));
  return patch;
}

Result<json, Status> apply_patch(PatchKind kind, const json& object, const json& patch) {
  if (kind == PatchKind::strategic) return strategic_merge(object, patch);
  if (kind == PatchKind::json) return apply_json_patch(object, patch);
  json merged = object;
  merged.merge_patch(patch);
  return merged;
}

}  // namespace junction::sandbox
