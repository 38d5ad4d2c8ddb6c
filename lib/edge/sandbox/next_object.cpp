#include "edge/sandbox/next_object.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "edge/sandbox/managed_fields.hpp"
#include "edge/sandbox/rules.hpp"
#include "junction/try.hpp"

namespace junction::sandbox {

using nlohmann::json;

namespace {

Result<void, Status> check_identity(const ResourcePath& target, const json& next) {
  const json& metadata = next.at("metadata");
  if (next.value("kind", "") != target.type->kind ||
      next.value("apiVersion", "") != target.type->api_version())
    return wrong_types(next, fmt::format("no kind \"{}\" is registered for version \"{}\"",
                                         next.value("kind", ""), next.value("apiVersion", "")));
  if (metadata.value("name", target.name) != target.name)
    return bad_request(fmt::format("the name of the object ({}) does not match the name on the URL ({})",
                                   metadata.value("name", ""), target.name));
  if (metadata.value("namespace", target.namespace_) != target.namespace_)
    return bad_request(
        "the namespace of the provided object does not match the namespace sent on the request");
  return {};
}

Result<void, Status> check_uid(const ResourcePath& target, const json& current, const json& next) {
  const json uid = next["metadata"].value("uid", json());
  if (uid.is_null() || uid == "" || uid == current["metadata"]["uid"]) return {};
  return invalid(target.type->group, target.type->kind, target.name,
                 {{"FieldValueInvalid", fmt::format("Invalid value: {}: field is immutable", uid.dump()),
                   "metadata.uid"}});
}

/// Fields that only the server writes stay as they are, whatever a client sends.
void keep_server_fields(const json& current, json& next) {
  for (const char* const field :
       {"uid", "creationTimestamp", "generation", "deletionTimestamp", "managedFields"}) {
    if (current["metadata"].contains(field))
      next["metadata"][field] = current["metadata"][field];
    else
      next["metadata"].erase(field);
  }
  if (current.contains("status")) next["status"] = current["status"];
  // {} is no annotations, and not stored.
  for (const char* const map : {"annotations", "labels"})
    if (next["metadata"].contains(map) && next["metadata"][map].empty()) next["metadata"].erase(map);
}

Result<void, Status> check_cluster_ip(const ResourcePath& target, const json& current, const json& next) {
  const json before = current.value("/spec/clusterIP"_json_pointer, json()),
             after = next.value("/spec/clusterIP"_json_pointer, json());
  if (target.type->kind != "Service" || before.is_null() || before == after || after.is_null()) return {};
  return invalid("", "Service", target.name,
                 {{"FieldValueInvalid",
                   fmt::format("Invalid value: []string{{{}}}: may not change once set", after.dump()),
                   "spec.clusterIPs[0]"}});
}

void restore_cluster_ip(const json& current, json& next) {
  if (!current.contains("spec") || !next.value("spec", json()).is_object()) return;
  for (const char* const field :
       {"clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"})
    if (current["spec"].contains(field) && !next["spec"].contains(field))
      next["spec"][field] = current["spec"][field];
}

/// The current object with the request's change made to it, before anything is checked.
Result<json, Status> changed_object(const Writing& writing, const FieldManager& manager,
                                    const ResourcePath& target, const json& current) {
  if (writing.put) return writing.body;
  if (writing.applies()) return server_side_apply(current, writing.body, manager, writing.force);
  JUNCTION_TRY_ASSIGN(json next, apply_patch(writing.kind, current, writing.body));
  if (writing.kind != PatchKind::strategic) return next;
  next["kind"] = target.type->kind;  // which a strategic merge does not look at
  next["apiVersion"] = target.type->api_version();
  return next;
}

}  // namespace

Result<void, Status> check_version(const ResourcePath& target, const json& current, json& next) {
  json& version = next["metadata"]["resourceVersion"];
  const std::string wanted = version.is_string() ? version.get<std::string>() : "";
  const std::string has = current.at("metadata").at("resourceVersion");
  version = has;
  if (wanted.empty() || wanted == has) return {};
  if (!std::all_of(wanted.begin(), wanted.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return internal_error(fmt::format("strconv.ParseUint: parsing \"{}\": invalid syntax", wanted));
  return stale(target.type->group, target.type->plural, target.name);
}

Result<json, Status> new_object(const ResourcePath& target, json object, std::int64_t max_replicas) {
  if (!object.value("metadata", json()).is_object()) object["metadata"] = json::object();
  JUNCTION_TRY(check_identity(target, object));
  object["metadata"]["name"] = target.name;
  set_defaults(*target.type, object);
  JUNCTION_TRY(check_object(*target.type, object, max_replicas));
  for (const char* const field :
       {"uid", "resourceVersion", "creationTimestamp", "generation", "managedFields"})
    object["metadata"].erase(field);
  if (target.type->kind == "Service") {
    object["status"] = {{"loadBalancer", json::object()}};
    if (!object["spec"].contains("clusterIP") && object["spec"]["type"] != "ExternalName")
      object["spec"]["clusterIP"] = "None";  // there is nothing that would serve an address of its own
  }
  return object;
}

Result<json, Status> next_object(const Writing& writing, const ResourcePath& target, const json& current,
                                 std::int64_t max_replicas) {
  const FieldManager manager{writing.manager, writing.applies(), target.type->api_version(), ""};
  JUNCTION_TRY_ASSIGN(json next, changed_object(writing, manager, target, current));
  if (!next.value("metadata", json()).is_object()) return wrong_types(next, "metadata must be an object");
  JUNCTION_TRY(check_identity(target, next));
  JUNCTION_TRY(check_version(target, current, next));
  JUNCTION_TRY(check_uid(target, current, next));
  const json managers = next["metadata"].value("managedFields", json());
  keep_server_fields(current, next);
  if (target.type->kind == "Service") restore_cluster_ip(current, next);
  set_defaults(*target.type, next);
  JUNCTION_TRY(check_object(*target.type, next, max_replicas));
  JUNCTION_TRY(check_cluster_ip(target, current, next));
  if (next["metadata"].contains("generation") && next["spec"] != current.at("spec"))
    next["metadata"]["generation"] = next["metadata"]["generation"].get<int>() + 1;
  if (!writing.applies()) {
    record_update(current, next, manager);
  } else {
    next["metadata"].erase("managedFields");
    if (!managers.is_null()) next["metadata"]["managedFields"] = managers;
  }
  return next;
}

}  // namespace junction::sandbox
