#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "junction/result.hpp"

namespace junction::sandbox {

/// Why an API request was refused: a Kubernetes Status of kind Failure. What an API operation comes to is a
/// Result<T, Status>.
struct Status {
  int code = 500;
  std::string reason;  ///< empty: left out, as some of the real server's 500s do
  std::string message;
  nlohmann::json details;  ///< null: left out
  nlohmann::json metadata = nlohmann::json::object();

  [[nodiscard]] nlohmann::ordered_json to_value() const;
  [[nodiscard]] std::string to_json() const;  ///< with a newline at the end, as the server sends it
};

Status bad_request(std::string message);
Status internal_error(std::string message);
Status unauthorized();
Status method_not_allowed();
Status unknown_resource();
/// `resource` as the server spells it in messages: "services", "deployments.apps".
Status not_found(const std::string& group, const std::string& plural, const std::string& name);
Status already_exists(const std::string& group, const std::string& plural, const std::string& name);
Status stale(const std::string& group, const std::string& plural, const std::string& name);
Status expired(std::string message);
/// A body longer than `limit` bytes.
Status too_large(std::size_t limit);
/// The same code for what a small body asks for.
Status too_much(std::string message);
Status unsupported_media_type(std::string_view what);

/// One field's fault within an Invalid (422).
struct Cause {
  std::string reason;  ///< e.g. FieldValueInvalid
  std::string message;
  std::string field;
};
Status invalid(const std::string& group, const std::string& kind, const std::string& name,
               const std::vector<Cause>& causes);
/// The 422 for a patch that leads to a wrong type: it quotes `shown` (an object, or text with its quotes).
Status wrong_types(const nlohmann::json& object, const std::string& why);
Status patch_invalid(const std::string& shown, const std::string& why);
/// What the server answers where a JSON patch does not apply.
Status patch_rejected();

}  // namespace junction::sandbox
