#include "edge/sandbox/status.hpp"

#include <fmt/format.h>

namespace junction::sandbox {
namespace {

using nlohmann::json;

std::string qualified(const std::string& group, const std::string& name) {
  return group.empty() ? name : name + "." + group;
}

json about(const std::string& group, const std::string& kind, const std::string& name) {
  json details{{"kind", kind}};
  if (!name.empty()) details["name"] = name;
  if (!group.empty()) details["group"] = group;
  return details;
}

}  // namespace

nlohmann::ordered_json Status::to_value() const {
  nlohmann::ordered_json status{{"kind", "Status"},
                                {"apiVersion", "v1"},
                                {"metadata", metadata},
                                {"status", "Failure"},
                                {"message", message}};
  if (!reason.empty()) status["reason"] = reason;
  if (!details.is_null()) status["details"] = details;
  status["code"] = code;
  return status;
}

std::string Status::to_json() const {
  return to_value().dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

Status bad_request(std::string message) {
  return {400, "BadRequest", std::move(message), nullptr};
}
Status internal_error(std::string message) {
  return {500, "", std::move(message), nullptr};
}
Status unauthorized() {
  return {401, "Unauthorized", "Unauthorized", nullptr};
}
Status expired(std::string message) {
  return {410, "Expired", std::move(message), nullptr};
}

Status method_not_allowed() {
  return {405, "MethodNotAllowed", "the server does not allow this method on the requested resource",
          json::object()};
}

Status unknown_resource() {
  return {404, "NotFound", "the server could not find the requested resource", json::object()};
}

Status wrong_types(const json& object, const std::string& why) {
  const std::string text = object.dump(-1, ' ', false, json::error_handler_t::replace);
  return patch_invalid(json(text).dump(), why);
}

Status patch_invalid(const std::string& shown, const std::string& why) {
  const std::string message = fmt::format("Invalid value: {}: {}", shown, why);
  return {422,
          "Invalid",
          " \"\" is invalid: patch: " + message,
          {{"causes", {{{"reason", "FieldValueInvalid"}, {"message", message}, {"field", "patch"}}}}}};
}

Status patch_rejected() {
  return {422, "Invalid", "the server rejected our request due to an error in our request", json::object()};
}

Status not_found(const std::string& group, const std::string& plural, const std::string& name) {
  return {404, "NotFound", fmt::format("{} \"{}\" not found", qualified(group, plural), name),
          about(group, plural, name)};
}

Status already_exists(const std::string& group, const std::string& plural, const std::string& name) {
  return {409, "AlreadyExists", fmt::format("{} \"{}\" already exists", qualified(group, plural), name),
          about(group, plural, name)};
}

Status stale(const std::string& group, const std::string& plural, const std::string& name) {
  return {409, "Conflict",
          fmt::format(
              "Operation cannot be fulfilled on {} \"{}\": the object has been modified; please apply your "
              "changes to the latest version and try again",
              qualified(group, plural), name),
          about(group, plural, name)};
}

Status too_large(std::size_t limit) {
  return too_much(fmt::format("Request entity too large: limit is {}", limit));
}

Status too_much(std::string message) {
  return {413, "RequestEntityTooLarge", std::move(message), nullptr};
}

Status unsupported_media_type(std::string_view what) {
  return {415, "UnsupportedMediaType", std::string(what), json::object()};
}

Status invalid(const std::string& group, const std::string& kind, const std::string& name,
               const std::vector<Cause>& causes) {
  json listed = json::array();
  std::string text;
  for (const Cause& cause : causes) {
    if (!text.empty()) text += ", ";
    text += cause.field + ": " + cause.message;
    listed.push_back({{"reason", cause.reason}, {"message", cause.message}, {"field", cause.field}});
  }
  if (causes.size() > 1) text = "[" + text + "]";
  json details = about(group, kind, name);
  details["causes"] = std::move(listed);
  return {422, "Invalid", fmt::format("{} \"{}\" is invalid: {}", qualified(group, kind), name, text),
          std::move(details)};
}

}  // namespace junction::sandbox
