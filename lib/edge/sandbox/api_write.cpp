#include <fmt/format.h>

#include <algorithm>

#include "edge/sandbox/api.hpp"
#include "edge/sandbox/managed_fields.hpp"
#include "edge/sandbox/next_object.hpp"
#include "edge/sandbox/representation.hpp"

namespace junction::sandbox {
namespace {

using nlohmann::json;

/// What an apply's body has to be, beyond what every body has to be.
std::optional<Status> check_applied(const Target& target, const json& body) {
  const std::string version = body.value("apiVersion", ""), kind = body.value("kind", "");
  if (version != target.type->api_version() || kind != target.type->kind)
    return bad_request(fmt::format("invalid object type: {}{}, Kind={}",
                                   version.find('/') == std::string::npos ? "/" : "", version, kind));
  if (body.value("metadata", json::object()).contains("managedFields"))
    return bad_request("metadata.managedFields must be nil");
  return std::nullopt;
}

}  // namespace

Answer<ApiReply> Api::write(const ApiRequest& request, const Target& target) {
  const auto& verbs = target.type->verbs;
  if (std::find(verbs.begin(), verbs.end(), "patch") == verbs.end() || !target.subresource.empty())
    return method_not_allowed();
  const Answer<Writing> parsed = parse_writing(request);
  if (const Status* status = failure(parsed)) return *status;
  const Writing& writing = std::get<Writing>(parsed);
  if (writing.applies())
    if (const auto refused = check_applied(target, writing.body)) return *refused;

  int code = 200;
  const ObjectStore::Edit edit = [&](const Object& current) -> Answer<json> {
    if (current) return next_object(writing, target, *current, options_.max_replicas);
    if (!writing.applies()) return not_found(target.type->group, target.type->plural, target.name);
    code = 201;
    Answer<json> made = new_object(target, writing.body, options_.max_replicas);
    if (failure(made)) return made;
    json next = std::get<json>(std::move(made));
    const json nothing{{"metadata", json::object()}};
    const Answer<json> owned = server_side_apply(
        nothing, next, {writing.manager, true, target.type->api_version(), ""}, writing.force);
    next["metadata"]["managedFields"] = std::get<json>(owned)["metadata"]["managedFields"];
    return next;
  };
  const Answer<Object> stored =
      writing.dry_run ? dry_run(target.key(), edit) : store_.update(target.key(), edit);
  if (const Status* status = failure(stored)) return *status;
  return render_object(request, *target.type, std::get<Object>(stored), code);
}

Answer<Object> Api::dry_run(const ObjectKey& key, const ObjectStore::Edit& edit) const {
  const Object current = store_.get(key);
  Answer<json> next = edit(current);
  if (const Status* status = failure(next)) return *status;
  json object = std::get<json>(std::move(next));
  if (!current) {
    object["metadata"]["name"] = key.name;
    if (!key.namespace_.empty()) object["metadata"]["namespace"] = key.namespace_;
  }
  return std::make_shared<const json>(std::move(object));
}

Answer<ApiReply> Api::create(const ApiRequest& request, const Target& target) {
  const auto& verbs = target.type->verbs;
  if (std::find(verbs.begin(), verbs.end(), "create") == verbs.end()) return method_not_allowed();
  const Answer<Writing> options = parse_options(request);
  if (const Status* status = failure(options)) return *status;
  Answer<json> parsed = parse_object(request);
  if (const Status* status = failure(parsed)) return *status;
  const json object = std::get<json>(std::move(parsed));
  Target named = target;
  named.name = object.value("/metadata/name"_json_pointer, "");
  if (named.name.empty())
    return invalid(
        target.type->group, target.type->kind, "",
        {{"FieldValueRequired", "Required value: name or generateName is required", "metadata.name"}});
  const Writing& writing = std::get<Writing>(options);
  const ObjectStore::Edit edit = [&](const Object& current) -> Answer<json> {
    if (current) return already_exists(target.type->group, target.type->plural, named.name);
    Answer<json> made = new_object(named, object, options_.max_replicas);
    if (failure(made)) return made;
    json next = std::get<json>(std::move(made));
    record_update({{"metadata", json::object()}}, next,
                  {writing.manager, false, target.type->api_version(), ""});
    return next;
  };
  const Answer<Object> stored =
      writing.dry_run ? dry_run(named.key(), edit) : store_.update(named.key(), edit);
  if (const Status* status = failure(stored)) return *status;
  return render_object(request, *target.type, std::get<Object>(stored), 201);
}

Answer<ApiReply> Api::remove(const ApiRequest& request, const Target& target) {
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
