#include <fmt/format.h>

#include <algorithm>

#include "edge/sandbox/api.hpp"
#include "edge/sandbox/managed_fields.hpp"
#include "edge/sandbox/next_object.hpp"
#include "edge/sandbox/representation.hpp"
#include "junction/try.hpp"

namespace junction::sandbox {
namespace {

using nlohmann::json;

/// What an apply's body has to be, beyond what every body has to be.
Result<void, Status> check_applied(const ResourcePath& target, const json& body) {
  const std::string version = body.value("apiVersion", ""), kind = body.value("kind", "");
  if (version != target.type->api_version() || kind != target.type->kind)
    return bad_request(fmt::format("invalid object type: {}{}, Kind={}",
                                   version.find('/') == std::string::npos ? "/" : "", version, kind));
  if (body.value("metadata", json::object()).contains("managedFields"))
    return bad_request("metadata.managedFields must be nil");
  return {};
}

}  // namespace

Result<ApiReply, Status> Api::write(const ApiRequest& request, const ResourcePath& target) {
  const auto& verbs = target.type->verbs;
  if (std::find(verbs.begin(), verbs.end(), "patch") == verbs.end() || !target.subresource.empty())
    return method_not_allowed();
  JUNCTION_TRY_ASSIGN(const Writing writing, parse_writing(request));
  if (writing.applies()) JUNCTION_TRY(check_applied(target, writing.body));

  int code = 200;
  const ObjectStore::Edit edit = [&](const Object& current) -> Result<json, Status> {
    if (current) return next_object(writing, target, *current, options_.max_replicas);
    if (!writing.applies()) return not_found(target.type->group, target.type->plural, target.name);
    code = 201;
    JUNCTION_TRY_ASSIGN(json next, new_object(target, writing.body, options_.max_replicas));
    const json nothing{{"metadata", json::object()}};
    JUNCTION_TRY_ASSIGN(
        const json owned,
        server_side_apply(nothing, next, {writing.manager, true, target.type->api_version(), ""},
                          writing.force));
    next["metadata"]["managedFields"] = owned.at("metadata").at("managedFields");
    return next;
  };
  JUNCTION_TRY_ASSIGN(const Object stored,
                      writing.dry_run ? dry_run(target.key(), edit) : store_.update(target.key(), edit));
  return render_object(request, *target.type, stored, code);
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
  const auto& verbs = target.type->verbs;
  if (std::find(verbs.begin(), verbs.end(), "create") == verbs.end()) return method_not_allowed();
  JUNCTION_TRY_ASSIGN(const Writing writing, parse_options(request));
  JUNCTION_TRY_ASSIGN(const json object, parse_object(request));
  ResourcePath named = target;
  named.name = object.value("/metadata/name"_json_pointer, "");
  if (named.name.empty())
    return invalid(
        target.type->group, target.type->kind, "",
        {{"FieldValueRequired", "Required value: name or generateName is required", "metadata.name"}});
  const ObjectStore::Edit edit = [&](const Object& current) -> Result<json, Status> {
    if (current) return already_exists(target.type->group, target.type->plural, named.name);
    JUNCTION_TRY_ASSIGN(json next, new_object(named, object, options_.max_replicas));
    record_update({{"metadata", json::object()}}, next,
                  {writing.manager, false, target.type->api_version(), ""});
    return next;
  };
  JUNCTION_TRY_ASSIGN(const Object stored,
                      writing.dry_run ? dry_run(named.key(), edit) : store_.update(named.key(), edit));
  return render_object(request, *target.type, stored, 201);
}

Result<ApiReply, Status> Api::remove(const ApiRequest& request, const ResourcePath& target) {
  const auto& verbs = target.type->verbs;
  if (std::find(verbs.begin(), verbs.end(), "delete") == verbs.end()) return method_not_allowed();
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
        {{"name", target.name}, {"kind", target.type->plural}, {"uid", gone->at("metadata").at("uid")}}}});
}

}  // namespace junction::sandbox
