#include "edge/sandbox/writing.hpp"

#include <fmt/format.h>

#include "edge/sandbox/body.hpp"
#include "edge/sandbox/fields.hpp"
#include "edge/sandbox/go_words.hpp"
#include "edge/sandbox/schema.hpp"
#include "junction/try.hpp"

namespace junction::sandbox {

using nlohmann::json;

namespace {

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

Status unrecognized(const std::string& kind, const std::string& why, const std::string& body) {
  constexpr std::size_t shown = 30;  // bytes, from each end
  const std::string summary =
      body.size() <= 2 * shown ? body : body.substr(0, shown) + " ... " + body.substr(body.size() - shown);
  return bad_request(
      fmt::format("the object provided is unrecognized (must be of type {}): {} ({})", kind, why, summary));
}

Result<json, Status> json_object(const std::string& body, const std::string& kind) {
  auto object = read_json_body(body);
  if (object) return *std::move(object);
  return unrecognized(
      kind, "couldn't get version/kind; json parse error: " + go_parse_error(object.error(), body), body);
}

Result<json, Status> yaml_object(const std::string& body, const std::string& kind) {
  auto object = read_yaml_body(body);
  if (object) return *std::move(object);
  return unrecognized(kind, "yaml: " + object.error().message, body);
}

/// "v1" of "apps/v1".
std::string version_of(const std::string& api_version) {
  return api_version.substr(api_version.find('/') + 1);
}

/// "/v1" for the core group, as Go prints a GroupVersion.
std::string group_version(const std::string& api_version) {
  return api_version.find('/') == std::string::npos ? "/" + api_version : api_version;
}

}  // namespace

Result<Writing, Status> parse_options(const ApiRequest& request) {
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

Result<json, Status> parse_object(const ApiRequest& request, const std::string& kind) {
  const std::string type = request.content_type.substr(0, request.content_type.find(';'));
  const bool yaml = type == "application/yaml";
  if (!yaml && !type.empty() && type != "application/json") {
    Status refused = unsupported_media_type(
        "the body of the request was in an unknown format - accepted media types include: application/json, "
        "application/yaml");
    refused.details = nullptr;
    return refused;
  }
  JUNCTION_TRY_ASSIGN(json object, yaml ? yaml_object(request.body, kind) : json_object(request.body, kind));
  const json as_sent = object;
  const auto fault = decode(object, go_type_of(kind));
  if (!fault) return object;
  const std::string sent_kind = text_or(look(as_sent, "kind"));
  if (sent_kind.empty()) return unrecognized(kind, fault->unmarshal_error(), request.body);
  return bad_request(fmt::format("{} in version \"{}\" cannot be handled as a {}: {}", sent_kind,
                                 version_of(text_or(look(as_sent, "apiVersion"))), kind,
                                 fault->unmarshal_error()));
}

Result<Writing, Status> parse_writing(const ApiRequest& request, const std::string& kind) {
  JUNCTION_TRY_ASSIGN(Writing writing, parse_options(request));
  writing.put = request.method == "PUT";
  if (writing.put) {
    JUNCTION_TRY_ASSIGN(writing.body, parse_object(request, kind));
    return writing;
  }
  JUNCTION_TRY_ASSIGN(writing.kind, patch_kind(request.content_type));
  if (request.query.contains("force") && writing.kind != PatchKind::apply)
    return bad_option(request, "FieldValueForbidden", "Forbidden: may not be specified for non-apply patch",
                      "force");
  if (writing.kind == PatchKind::apply && !request.query.contains("fieldManager"))
    return bad_option(request, "FieldValueRequired", "Required value: is required for apply patch",
                      "fieldManager");
  JUNCTION_TRY_ASSIGN(writing.body, parse_patch(writing.kind, request.body));
  return writing;
}

Result<json, Status> decode_written(const Writing& writing, json object, const std::string& kind) {
  const json as_it_is = object;
  const auto fault = decode(object, go_type_of(kind));
  if (!fault) return object;
  if (writing.applies())
    return internal_error(fmt::format("failed to create typed patch object ({}/{}; {}, Kind={}): {}",
                                      text_or(look(as_it_is, "metadata", "namespace")),
                                      text_or(look(as_it_is, "metadata", "name")),
                                      group_version(text_or(look(as_it_is, "apiVersion"))),
                                      text_or(look(as_it_is, "kind")), fault->typed_patch_error()));
  if (writing.kind == PatchKind::strategic)
    return patch_invalid(json(go_print(writing.body)).dump(-1, ' ', false, json::error_handler_t::replace),
                         fault->convert_error());
  return wrong_types(as_it_is, fault->unmarshal_error());
}

}  // namespace junction::sandbox
