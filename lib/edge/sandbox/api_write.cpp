#include <fmt/format.h>

#include <algorithm>

#include "edge/sandbox/api.hpp"
#include "edge/sandbox/fields.hpp"
#include "edge/sandbox/managed_fields.hpp"
#include "edge/sandbox/next_object.hpp"
#include "edge/sandbox/representation.hpp"
#include "junction/try.hpp"

namespace junction::sandbox {
namespace {

using nlohmann::json;

/// What an apply's body has to be, beyond what every body has to be.
Result<void, Status> check_applied(const ResourcePath& target, const json& body) {
  const std::string version = text_or(look(body, "apiVersion")), kind = text_or(look(body, "kind"));
  if (version != target.type->api_version() || kind != target.type->kind)
    return bad_request(fmt::format("invalid object type: {}{}, Kind={}",
                                   version.find('/') == std::string::npos ? "/" : "", version, kind));
  if (!look(body, "metadata", "managedFields").is_null())
    return bad_request("metadata.managedFields must be nil");
  return {};
}

bool can(const ResourceType& type, const char* verb) {
  return std::find(type.verbs.begin(), type.verbs.end(), verb) != type.verbs.end();
}

/// Server-side apply to what is not there makes it.
Result<json, Status> applied_anew(const Writing& writing, const ResourcePath& target,
                                  std::int64_t max_replicas) {
  JUNCTION_TRY_ASSIGN(const json body, decode_written(writing, writing.body, target.type->kind));
  JUNCTION_TRY_ASSIGN(json made, new_object(target, body, max_replicas));
  const FieldManager manager{writing.manager, true, target.type->api_version(), ""};
  const json nothing{{"metadata", json::object()}};
  JUNCTION_TRY_ASSIGN(const json owned, server_side_apply(nothing, body, manager, writing.force));
  if (const json& fields = look(owned, "metadata", "managedFields"); !fields.is_null())
    made["metadata"]["managedFields"] = fields;
  return made;
}

}  // namespace

Result<void, Status> Api::check_place(const ResourcePath& target) const {
  if (target.namespace_.empty()) return method_not_allowed();
  if (store_.get({"namespaces", "", target.namespace_})) return {};
  return not_found("", "namespaces", target.namespace_);
}

Result<ApiReply, Status> Api::write(const ApiRequest& request, const ResourcePath& target) {
  if (!can(*target.type, "patch") || !target.subresource.empty()) return method_not_allowed();
  JUNCTION_TRY_ASSIGN(const Writing writing, parse_writing(request, target.type->kind));
  if (writing.applies()) JUNCTION_TRY(check_applied(target, writing.body));

  if (writing.applies() && !store_.get(target.key())) JUNCTION_TRY(check_place(target));

  int code = 200;
  const ObjectStore::Edit edit = [&](const Object& current) -> Result<json, Status> {
    if (current) return next_object(writing, target, *current, options_.max_replicas);
    if (!writing.applies()) return not_found(target.type->group, target.type->plural, target.name);
    code = 201;
    return applied_anew(writing, target, options_.max_replicas);
  };
  JUNCTION_TRY_ASSIGN(const Object stored, change(writing, target.key(), edit));
  return render_object(request, *target.type, stored, code);
}

Result<Object, Status> Api::change(const Writing& writing, const ObjectKey& key,
                                   const ObjectStore::Edit& edit) {
  return writing.dry_run ? dry_run(key, edit) : store_.update(key, edit);
}

Result<Object, Status> Api::dry_run(const ObjectKey& key, const ObjectStore::Edit& edit) const {
  const Object current = store_.get(key);
  JUNCTION_TRY_ASSIGN(json object, edit(current));
  if (!current) {
    object["metadata"]["name"] = key.name;
    if (!key.namespace_.empty()) object["metadata"]["namespace"] = key.namespace_;
  }
  return std::make_shared<const json>(std::move(object));
}

Result<ApiReply, Status> Api::create(const ApiRequest& request, const ResourcePath& target) {
  if (!can(*target.type, "create")) return method_not_allowed();
  JUNCTION_TRY(check_place(target));
  JUNCTION_TRY_ASSIGN(const Writing writing, parse_options(request));
  JUNCTION_TRY_ASSIGN(const json object, parse_object(request, target.type->kind));
  ResourcePath named = target;
  named.name = text_or(look(object, "metadata", "name"));
  if (named.name.empty())
    return invalid(
        target.type->group, target.type->kind, "",
        {{"FieldValueRequired", "Required value: name or generateName is required", "metadata.name"}});
  const ObjectStore::Edit edit = [&](const Object& current) -> Result<json, Status> {
    if (current) return already_exists(target.type->group, target.type->plural, named.name);
    JUNCTION_TRY_ASSIGN(json made, new_object(named, object, options_.max_replicas));
    record_update({{"metadata", json::object()}}, made,
                  {writing.manager, false, target.type->api_version(), ""});
    return made;
  };
  JUNCTION_TRY_ASSIGN(const Object stored, change(writing, named.key(), edit));
  return render_object(request, *target.type, stored, 201);
}

Result<ApiReply, Status> Api::remove(const ApiRequest& request, const ResourcePath& target) {
  if (!can(*target.type, "delete")) return method_not_allowed();
  const bool dry_run =
      request.parameter("dryRun") == "All" || request.body.find("\"dryRun\"") != std::string::npos;
  const Object gone = dry_run ? store_.get(target.key()) : store_.remove(target.key());
  if (!gone) return not_found(target.type->group, target.type->plural, target.name);
  return render(
      request,
      {{"kind", "Status"},
       {"apiVersion", "v1"},
       {"metadata", json::object()},
       {"status", "Success"},
       {"details",
        {{"name", target.name}, {"kind", target.type->plural}, {"uid", look(*gone, "metadata", "uid")}}}});
}

}  // namespace junction::sandbox
