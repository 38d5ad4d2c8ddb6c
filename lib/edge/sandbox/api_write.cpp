#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "edge/sandbox/api.hpp"
#include "edge/sandbox/patch.hpp"
#include "edge/sandbox/representation.hpp"
#include "edge/sandbox/rules.hpp"
#include "edge/sandbox/scale.hpp"

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
    return bad_option(
        request, "FieldValueInvalid",
        fmt::format("Invalid value: \"{}\": must have at most 128 bytes", request.parameter("fieldManager")),
        "fieldManager");
  writing.force = request.flag("force");
  writing.manager = manager_of(request);
  return writing;
}

Answer<json> parse_object(const ApiRequest& request) {
  const std::string type = request.content_type.substr(0, request.content_type.find(';'));
  if (type != "application/json" && !type.empty())
    return unsupported_media_type(fmt::format(
        "the body of the request was in an unknown format - accepted media types include: application/json"));
  json object = json::parse(request.body, nullptr, false);
  if (object.is_object()) return object;
  return bad_request(
      "the object provided is unrecognized (must be of type Object): couldn't get version/kind; json parse "
      "error");
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

}  // namespace

Answer<ApiReply> Api::write(const ApiRequest& request, const Target& target) {
  const auto& verbs = target.type->verbs;
  if (std::find(verbs.begin(), verbs.end(), "patch") == verbs.end() || !target.subresource.empty())
    return method_not_allowed();
  const Answer<Writing> parsed = parse_writing(request);
  if (const Status* status = failure(parsed)) return *status;
  const Writing& writing = std::get<Writing>(parsed);

  const ObjectStore::Edit edit = [&](const Object& current) -> Answer<json> {
    if (!current) return not_found(target.type->group, target.type->plural, target.name);
    Answer<json> patched = writing.put ? writing.body
                           : writing.kind == PatchKind::apply
                               ? apply_patch(PatchKind::strategic, *current, writing.body)
                               : apply_patch(writing.kind, *current, writing.body);
    if (failure(patched)) return patched;
    json next = std::get<json>(std::move(patched));
    if (!next.value("metadata", json()).is_object()) return wrong_types(next, "metadata must be an object");
    if (const auto refused = check_identity(target, next)) return *refused;
    if (const auto refused = check_version(target, *current, next)) return *refused;
    keep_server_fields(*current, next);
    if (target.type->kind == "Service") restore_cluster_ip(*current, next);
    set_defaults(*target.type, next);
    if (const auto refused = check_object(*target.type, next, options_.max_replicas)) return *refused;
    if (const auto refused = check_cluster_ip(target, *current, next)) return *refused;
    if (next["metadata"].contains("generation") && next["spec"] != current->at("spec"))
      next["metadata"]["generation"] = next["metadata"]["generation"].get<int>() + 1;
    return next;
  };
  if (writing.dry_run) {
    Answer<json> next = edit(store_.get(target.key()));
    if (const Status* status = failure(next)) return *status;
    return render_object(request, *target.type,
                         std::make_shared<const json>(std::get<json>(std::move(next))));
  }
  const Answer<Object> stored = store_.update(target.key(), edit);
  if (const Status* status = failure(stored)) return *status;
  return render_object(request, *target.type, std::get<Object>(stored));
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

Answer<ApiReply> Api::write_scale(const ApiRequest& request, const Target& target) {
  const Answer<Writing> parsed = parse_writing(request);
  if (const Status* status = failure(parsed)) return *status;
  const Writing& writing = std::get<Writing>(parsed);

  const ObjectStore::Edit edit = [&](const Object& current) -> Answer<json> {
    if (!current) return not_found(target.type->group, target.type->plural, target.name);
    const json before = scale_of(*current);
    Answer<json> patched = writing.put ? writing.body
                           : writing.kind == PatchKind::apply
                               ? apply_patch(PatchKind::merge, before, writing.body)
                               : apply_patch(writing.kind, before, writing.body);
    if (failure(patched)) return patched;
    json scale = std::get<json>(std::move(patched));
    if (const auto refused = check_version(target, *current, scale)) return *refused;
    const json replicas = scale.value("/spec/replicas"_json_pointer, json(0));
    if (!replicas.is_number_integer() && !replicas.is_null())
      return wrong_types(
          scale, "json: cannot unmarshal string into Go struct field ScaleSpec.spec.replicas of type int32");
    const std::int64_t count = replicas.is_null() ? 0 : replicas.get<std::int64_t>();
    if (const auto causes = check_replicas(count, options_.max_replicas); !causes.empty())
      return invalid("autoscaling", "Scale", target.name, causes);
    json next = *current;
    if (next["spec"].value("replicas", std::int64_t{1}) != count)
      next["metadata"]["generation"] = next["metadata"].value("generation", 1) + 1;
    next["spec"]["replicas"] = count;
    return next;
  };
  if (writing.dry_run) {
    const Answer<json> next = edit(store_.get(target.key()));
    if (const Status* status = failure(next)) return *status;
    return render(request, scale_of(std::get<json>(next)));
  }
  const Answer<Object> stored = store_.update(target.key(), edit);
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
  json object = std::get<json>(std::move(parsed));
  if (!object.value("metadata", json()).is_object()) object["metadata"] = json::object();
  Target named = target;
  named.name = object["metadata"].value("name", "");
  if (named.name.empty())
    return invalid(
        target.type->group, target.type->kind, "",
        {{"FieldValueRequired", "Required value: name or generateName is required", "metadata.name"}});
  if (const auto refused = check_identity(named, object)) return *refused;
  set_defaults(*target.type, object);
  if (const auto refused = check_object(*target.type, object, options_.max_replicas)) return *refused;
  for (const char* const field : {"uid", "resourceVersion", "creationTimestamp", "generation"})
    object["metadata"].erase(field);
  if (target.type->kind == "Service") object["status"] = {{"loadBalancer", json::object()}};
  if (target.type->kind == "Service" && !object["spec"].contains("clusterIP"))
    object["spec"]["clusterIP"] = "None";

  const ObjectStore::Edit edit = [&](const Object& current) -> Answer<json> {
    if (current) return already_exists(target.type->group, target.type->plural, named.name);
    return object;
  };
  if (std::get<Writing>(options).dry_run) {
    const Answer<json> next = edit(store_.get(named.key()));
    if (const Status* status = failure(next)) return *status;
    return render_object(request, *target.type, std::make_shared<const json>(std::get<json>(next)), 201);
  }
  const Answer<Object> stored = store_.update(named.key(), edit);
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
