#include "edge/sandbox/next_object.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "edge/sandbox/fields.hpp"
#include "edge/sandbox/go_words.hpp"
#include "edge/sandbox/managed_fields.hpp"
#include "edge/sandbox/rules.hpp"
#include "junction/try.hpp"

namespace junction::sandbox {

using nlohmann::json;

namespace {

Result<void, Status> check_identity(const ResourcePath& target, const json& next) {
  const std::string kind = text_or(look(next, "kind")), version = text_or(look(next, "apiVersion"));
  if (kind != target.type->kind || version != target.type->api_version())
    return wrong_types(next, fmt::format("no kind \"{}\" is registered for version \"{}\"", kind, version));
  const std::string name = text_or(look(next, "metadata", "name"));
  if (!name.empty() && name != target.name)
    return bad_request(fmt::format("the name of the object ({}) does not match the name on the URL ({})",
                                   name, target.name));
  const std::string space = text_or(look(next, "metadata", "namespace"));
  if (!space.empty() && space != target.namespace_)
    return bad_request(
        "the namespace of the provided object does not match the namespace sent on the request");
  return {};
}

Result<void, Status> check_uid(const ResourcePath& target, const json& current, const json& next) {
  const json& uid = look(next, "metadata", "uid");
  if (text_or(uid).empty() || uid == look(current, "metadata", "uid")) return {};
  return invalid(target.type->group, target.type->kind, target.name,
                 {{"FieldValueInvalid", fmt::format("Invalid value: {}: field is immutable", go_syntax(uid)),
                   "metadata.uid"}});
}

void keep_or_erase(const json& from, json& in, const char* field) {
  if (const json& kept = look(from, field); !kept.is_null())
    in[field] = kept;
  else
    in.erase(field);
}

/// Fields that only the server writes stay as they are, whatever a client sends.
void keep_server_fields(const json& current, json& next) {
  json& metadata = next["metadata"];
  for (const char* const field :
       {"uid", "creationTimestamp", "generation", "deletionTimestamp", "managedFields"})
    keep_or_erase(look(current, "metadata"), metadata, field);
  keep_or_erase(current, next, "status");
  // {} is no annotations, and not stored.
  for (const char* const map : {"annotations", "labels"})
    if (look(metadata, map).empty()) metadata.erase(map);
}

void restore_cluster_ip(const json& current, json& next) {
  json& spec = next["spec"];
  for (const char* const field :
       {"clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"})
    if (const json& kept = look(current, "spec", field); !kept.is_null() && !spec.contains(field))
      spec[field] = kept;
}

/// The current object with the request's change made to it: types are right, all else is yet to be checked.
Result<json, Status> changed_object(const Writing& writing, const FieldManager& manager,
                                    const ResourcePath& target, const json& current) {
  if (writing.put) return writing.body;
  if (writing.applies()) {
    JUNCTION_TRY_ASSIGN(const json applied, decode_written(writing, writing.body, target.type->kind));
    return server_side_apply(current, applied, manager, writing.force);
  }
  JUNCTION_TRY_ASSIGN(json next, apply_patch(writing.kind, current, writing.body));
  if (writing.kind == PatchKind::strategic) {
    next["kind"] = target.type->kind;  // which a strategic merge does not look at
    next["apiVersion"] = target.type->api_version();
  }
  return decode_written(writing, std::move(next), target.type->kind);
}

/// metadata and spec are maps from here on; what a real server fills in is there.
void complete(const ResourceType& type, json& object) {
  if (!object.contains("metadata")) object["metadata"] = json::object();
  set_defaults(type, object);
}

/// None of its own, as there is nothing that would serve it.
void give_address(json& spec) {
  if (look(spec, "type") == "ExternalName") return;
  const json given{{"clusterIP", "None"},
                   {"ipFamilies", {"IPv4"}},
                   {"ipFamilyPolicy", "SingleStack"},
                   {"internalTrafficPolicy", "Cluster"}};
  for (const auto& [field, value] : given.items())
    if (!spec.contains(field)) spec[field] = value;
}

}  // namespace

Result<void, Status> check_version(const ResourcePath& target, const json& current, json& next) {
  json& version = next["metadata"]["resourceVersion"];
  const std::string wanted = text_or(version);
  const std::string has = text_or(look(current, "metadata", "resourceVersion"));
  version = has;
  if (wanted.empty() || wanted == has) return {};
  if (!std::all_of(wanted.begin(), wanted.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return internal_error(fmt::format("strconv.ParseUint: parsing \"{}\": invalid syntax", wanted));
  return stale(target.type->group, target.type->plural, target.name);
}

Result<json, Status> new_object(const ResourcePath& target, json object, std::int64_t max_replicas) {
  complete(*target.type, object);
  JUNCTION_TRY(check_identity(target, object));
  json& metadata = object["metadata"];
  metadata["name"] = target.name;
  for (const char* const field :
       {"uid", "resourceVersion", "creationTimestamp", "generation", "deletionTimestamp", "managedFields"})
    metadata.erase(field);
  JUNCTION_TRY(check_object(*target.type, object, json(), max_replicas));
  object["status"] = json::object();
  if (target.type->kind != "Service") {
    metadata["generation"] = 1;
    return object;
  }
  object["status"]["loadBalancer"] = json::object();
  give_address(object["spec"]);
  return object;
}

Result<json, Status> next_object(const Writing& writing, const ResourcePath& target, const json& current,
                                 std::int64_t max_replicas) {
  const FieldManager manager{writing.manager, writing.applies(), target.type->api_version(), ""};
  JUNCTION_TRY_ASSIGN(json next, changed_object(writing, manager, target, current));
  complete(*target.type, next);
  JUNCTION_TRY(check_identity(target, next));
  JUNCTION_TRY(check_version(target, current, next));
  JUNCTION_TRY(check_uid(target, current, next));
  const json managers = look(next, "metadata", "managedFields");
  keep_server_fields(current, next);
  if (target.type->kind == "Service") restore_cluster_ip(current, next);
  JUNCTION_TRY(check_object(*target.type, next, current, max_replicas));
  json& metadata = next["metadata"];
  if (metadata.contains("generation") && next["spec"] != look(current, "spec"))
    metadata["generation"] = whole_or(metadata["generation"], 0) + 1;
  if (!writing.applies()) {
    record_update(current, next, manager);
  } else {
    metadata.erase("managedFields");
    if (!managers.is_null()) metadata["managedFields"] = managers;
  }
  return next;
}

}  // namespace junction::sandbox
