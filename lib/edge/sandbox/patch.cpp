#include "edge/sandbox/patch.hpp"

#include <fmt/format.h>

#include "edge/sandbox/body.hpp"
#include "edge/sandbox/go_words.hpp"
#include "edge/sandbox/json_patch.hpp"
#include "edge/sandbox/strategic_merge.hpp"
#include "junction/try.hpp"

namespace junction::sandbox {
namespace {

using nlohmann::json;

Result<json, Status> parse_apply(std::string_view body) {
  auto object = read_yaml_body(body);
  if (!object)
    return bad_request("error decoding YAML: error converting YAML to JSON: " + object.error().message);
  if (!object->is_object()) return bad_request("invalid object type: /, Kind=");
  return *std::move(object);
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
  auto patch = read_json_body(body);
  if (!patch) return bad_request(prefix + go_parse_error(patch.error(), body));
  if (kind == PatchKind::json && !patch->is_array())
    return bad_request(prefix +
                       fmt::format("json: cannot unmarshal {} into Go value of type []handlers.jsonPatchOp",
                                   go_type(*patch)));
  if (kind != PatchKind::json && patch->is_null()) return bad_request("Invalid JSON Patch");
  if (kind != PatchKind::json && !patch->is_object())
    return bad_request(
        prefix + fmt::format("json: cannot unmarshal {} into Go value of type map[string]interface {{}}",
                             go_type(*patch)));
  return *std::move(patch);
}

Result<json, Status> apply_patch(PatchKind kind, const json& object, const json& patch) {
  if (kind == PatchKind::strategic) return strategic_merge(object, patch);
  if (kind == PatchKind::json) return apply_json_patch(object, patch);
  json merged = object;
  merged.merge_patch(patch);
  return merged;
}

}  // namespace junction::sandbox
