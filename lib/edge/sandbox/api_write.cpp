#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "edge/sandbox/api.hpp"
#include "edge/sandbox/managed_fields.hpp"
#include "edge/sandbox/patch.hpp"
#include "edge/sandbox/representation.hpp"
#include "edge/sandbox/rules.hpp"
#include "edge/sandbox/scale.hpp"
#include "junction/documents.hpp"

namespace junction::sandbox {
namespace {

using nlohmann::json;

/// What the query of a writing request says, and how its body is to be read.
struct Writing {
  bool dry_run = false;
  bool force = false;
  std::string manager;
  bool put = false;
  PatchKind kind = PatchKind::merge;
  json body;

  [[nodiscard]] bool applies() const { return !put && kind == PatchKind::apply; }
};

std::string options_kind(const ApiRequest& request) {
  return request.method == "PATCH" ? "PatchOptions"
         : request.method == "PUT" ? "UpdateOptions"
                                   : "CreateOptions";
}

Status bad_option(const ApiRequest& request, const std::string& reason, const std::string& message,
                  const std::string& field) {
  return invalid("meta.k8s.io", options_kind(request), "", {{reason, message, field}});
}

/// The user agent up to the first slash: who changes fields without saying a fieldManager.
std::string manager_of(const ApiRequest& request) {
  const std::string named = request.parameter("fieldManager");
  if (!named.empty()) return named;
  const std::string agent = request.user_agent.substr(0, request.user_agent.find('/'));
  return agent.empty() ? "unknown" : agent;
}

Answer<Writing> parse_options(const ApiRequest& request) {
  Writing writing;
  const std::string field_validation = request.parameter("fieldValidation");
  if (request.query.contains("dryRun")) {
    const std::string dry_run = request.parameter("dryRun");
    if (dry_run != "All")
      return bad_option(
          request, "FieldValueNotSupported",
          fmt::format("Unsupported value: []string{{\"{}\"}}: supported values: \"All\"", dry_run), "dryRun");
    writing.dry_run = true;
  }
  if (!field_validation.empty() && field_validation != "Ignore" && field_validation != "Strict" &&
      field_validation != "Warn")
    return bad_option(
        request, "FieldValueNotSupported",
        fmt::format("Unsupported value: \"{}\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"",
                    field_validation),
        "fieldValidation");
  if (request.parameter("fieldManager").size() > 128)
    return bad_option(request, "FieldValueTooLong", "Too long: may not be more than 128 bytes",
                      "fieldManager");
  writing.force = request.flag("force");
  writing.manager = manager_of(request);
  return writing;
}

/// A whole object, as POST and PUT send it.
Answer<json> parse_object(const ApiRequest& request) {
  const std::string type = request.content_type.substr(0, request.content_type.find(';'));
  const bool yaml = type == "application/yaml";
  if (!yaml && !type.empty() && type != "application/json") {
    Status refused = unsupported_media_type(
        "the body of the request was in an unknown format - accepted media types include: application/json, "
        "application/yaml");
    refused.details = nullptr;
    return refused;
  }
  const auto documents =
      yaml ? parse_documents(request.body, "body") : Result<std::vector<json>>(std::vector<json>{});
  json object = yaml ? (documents && !documents->empty() ? documents->front() : json())
                     : json::parse(request.body, nullptr, false);
  if (object.is_object()) return object;
  return bad_request(
      "the object provided is unrecognized (must be of type Object): couldn't get version/kind");
}

Answer<Writing> parse_writing(const ApiRequest& request) {
  Answer<Writing> options = parse_options(request);
  if (failure(options)) return options;
  Writing writing = std::get<Writing>(std::move(options));
  writing.put = request.method == "PUT";
  if (!writing.put) {
    const Answer<PatchKind> kind = patch_kind(request.content_type);
    if (const Status* status = failure(kind)) return *status;
    writing.kind = std::get<PatchKind>(kind);
    if (request.query.contains("force") && writing.kind != PatchKind::apply)
      return bad_option(request, "FieldValueForbidden", "Forbidden: may not be specified for non-apply patch",
                        "force");
    if (writing.kind == PatchKind::apply && !request.query.contains("fieldManager"))
      return bad_option(request, "FieldValueRequired", "Required value: is required for apply patch",
                        "fieldManager");
  }
  Answer<json> body = writing.put ? parse_object(request) : parse_patch(writing.kind, request.body);
  if (const Status* status = failure(body)) return *status;
  writing.body = std::get<json>(std::move(body));
  return writing;
}

std::optional<Status> check_identity(const Target& target, const json& next) {
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
  return std::nullopt;
}

std::optional<Status> check_version(const Target& target, const json& current, json& next) {
  json& version = next["metadata"]["resourceVersion"];
  const std::string wanted = version.is_string() ? version.get<std::string>() : "";
  const std::string has = current.at("metadata").at("resourceVersion");
  version = has;
  if (wanted.empty() || wanted == has) return std::nullopt;
  if (!std::all_of(wanted.begin(), wanted.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return internal_error(fmt::format("strconv.ParseUint: parsing \"{}\": invalid syntax", wanted));
  return stale(target.type->group, target.type->plural, target.name);
}

std::optional<Status> check_uid(const Target& target, const json& current, const json& next) {
  const json uid = next["metadata"].value("uid", json());
  if (uid.is_null() || uid == "" || uid == current["metadata"]["uid"]) return std::nullopt;
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

std::optional<Status> check_cluster_ip(const Target& target, const json& current, const json& next) {
  const json before = current.value("/spec/clusterIP"_json_pointer, json()),
             after = next.value("/spec/clusterIP"_json_pointer, json());
  if (target.type->kind != "Service" || before.is_null() || before == after || after.is_null())
    return std::nullopt;
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

/// An object that does not exist yet, out of what a client sent.
Answer<json> new_object(const Target& target, json object, std::int64_t max_replicas) {
  if (!object.value("metadata", json()).is_object()) object["metadata"] = json::object();
  if (const auto refused = check_identity(target, object)) return *refused;
  object["metadata"]["name"] = target.name;
  set_defaults(*target.type, object);
  if (const auto refused = check_object(*target.type, object, max_replicas)) return *refused;
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

/// The current object with the request's change made to it, before anything is checked.
Answer<json> changed_object(const Writing& writing, const FieldManager& manager, const Target& target,
                            const json& current) {
  if (writing.put) return writing.body;
  if (writing.applies()) return server_side_apply(current, writing.body, manager, writing.force);
  Answer<json> patched = apply_patch(writing.kind, current, writing.body);
  if (failure(patched) || writing.kind != PatchKind::strategic) return patched;
  json next = std::get<json>(std::move(patched));
  next["kind"] = target.type->kind;  // which a strategic merge does not look at
  next["apiVersion"] = target.type->api_version();
  return next;
}

/// The next state of an object that exists: changed, checked, and with its managers told.
Answer<json> next_object(const Writing& writing, const Target& target, const json& current,
                         std::int64_t max_replicas) {
  const FieldManager manager{writing.manager, writing.applies(), target.type->api_version(), ""};
  Answer<json> changed = changed_object(writing, manager, target, current);
  if (failure(changed)) return changed;
  json next = std::get<json>(std::move(changed));
  if (!next.value("metadata", json()).is_object()) return wrong_types(next, "metadata must be an object");
  if (const auto refused = check_identity(target, next)) return *refused;
  if (const auto refused = check_version(target, current, next)) return *refused;
  if (const auto refused = check_uid(target, current, next)) return *refused;
  const json managers = next["metadata"].value("managedFields", json());
  keep_server_fields(current, next);
  if (target.type->kind == "Service") restore_cluster_ip(current, next);
  set_defaults(*target.type, next);
  if (const auto refused = check_object(*target.type, next, max_replicas)) return *refused;
  if (const auto refused = check_cluster_ip(target, current, next)) return *refused;
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

json scale_of(const json& deployment) {
  json metadata = json::object();
  for (const char* const field : {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"})
    metadata[field] = deployment["metadata"][field];
  std::string selector;
  for (const auto& [key, value] : deployment["spec"]["selector"]["matchLabels"].items())
    selector += fmt::format("{}{}={}", selector.empty() ? "" : ",", key, value.get<std::string>());
  json spec = json::object();
  if (const auto replicas = deployment["spec"].value("replicas", 1); replicas != 0)
    spec["replicas"] = replicas;
  return {{"kind", "Scale"},
          {"apiVersion", "autoscaling/v1"},
          {"metadata", std::move(metadata)},
          {"spec", std::move(spec)},
          {"status", {{"replicas", deployment["status"].value("replicas", 0)}, {"selector", selector}}}};
}

namespace {

/// How many replicas a request to /scale leads to.
Answer<std::int64_t> wanted_replicas(const Writing& writing, const Target& target, const json& current,
                                     std::int64_t max_replicas) {
  const PatchKind kind = writing.applies() ? PatchKind::merge : writing.kind;
  Answer<json> patched = writing.put ? writing.body : apply_patch(kind, scale_of(current), writing.body);
  if (const Status* status = failure(patched)) return *status;
  json scale = std::get<json>(std::move(patched));
  if (!scale.value("metadata", json()).is_object()) scale["metadata"] = json::object();
  if (const auto refused = check_version(target, current, scale)) return *refused;
  const json replicas = scale.value("/spec/replicas"_json_pointer, json());
  if (!replicas.is_number_integer() && !replicas.is_null())
    return wrong_types(
        scale, "json: cannot unmarshal string into Go struct field ScaleSpec.spec.replicas of type int32");
  const std::int64_t count = replicas.is_null() ? 0 : replicas.get<std::int64_t>();
  if (const auto causes = check_replicas(count, max_replicas); !causes.empty())
    return invalid("autoscaling", "Scale", target.name, causes);
  return count;
}

}  // namespace

Answer<ApiReply> Api::write_scale(const ApiRequest& request, const Target& target) {
  const Answer<Writing> parsed = parse_writing(request);
  if (const Status* status = failure(parsed)) return *status;
  const Writing& writing = std::get<Writing>(parsed);

  const FieldManager manager{writing.manager, writing.applies(), "autoscaling/v1", "scale"};
  const ObjectStore::Edit edit = [&](const Object& current) -> Answer<json> {
    if (!current) return not_found(target.type->group, target.type->plural, target.name);
    const Answer<std::int64_t> wanted = wanted_replicas(writing, target, *current, options_.max_replicas);
    if (const Status* status = failure(wanted)) return *status;
    const json replicas{{"spec", {{"replicas", std::get<std::int64_t>(wanted)}}}};
    json next = *current;
    next.merge_patch(replicas);
    if (writing.applies()) {
      Answer<json> applied = server_side_apply(*current, replicas, manager, writing.force);
      if (failure(applied)) return applied;
      next = std::get<json>(std::move(applied));
    } else {
      record_update(*current, next, manager);
    }
    if (next["spec"] != current->at("spec"))
      next["metadata"]["generation"] = next["metadata"].value("generation", 1) + 1;
    return next;
  };
  const Answer<Object> stored =
      writing.dry_run ? dry_run(target.key(), edit) : store_.update(target.key(), edit);
  if (const Status* status = failure(stored)) return *status;
  return render(request, scale_of(*std::get<Object>(stored)));
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
