#include "edge/sandbox/writing.hpp"

#include <fmt/format.h>

#include "junction/documents.hpp"
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

Result<json, Status> parse_object(const ApiRequest& request) {
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

Result<Writing, Status> parse_writing(const ApiRequest& request) {
  JUNCTION_TRY_ASSIGN(Writing writing, parse_options(request));
  writing.put = request.method == "PUT";
  if (!writing.put) {
    JUNCTION_TRY_ASSIGN(const PatchKind kind, patch_kind(request.content_type));
    writing.kind = kind;
    if (request.query.contains("force") && writing.kind != PatchKind::apply)
      return bad_option(request, "FieldValueForbidden", "Forbidden: may not be specified for non-apply patch",
                        "force");
    if (writing.kind == PatchKind::apply && !request.query.contains("fieldManager"))
      return bad_option(request, "FieldValueRequired", "Required value: is required for apply patch",
                        "fieldManager");
  }
  JUNCTION_TRY_ASSIGN(json body,
                      writing.put ? parse_object(request) : parse_patch(writing.kind, request.body));
  writing.body = std::move(body);
  return writing;
}

}  // namespace junction::sandbox
