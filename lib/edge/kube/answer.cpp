#include "edge/kube/answer.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "edge/files/field.hpp"
#include "edge/files/json.hpp"
#include "edge/kube/response_error.hpp"
#include "edge/kube/transfer_error.hpp"
#include "junction/ascii.hpp"

namespace junction::kube {
namespace {

using nlohmann::json;

std::vector<std::string_view> segments(std::string_view path) {
  path = path.substr(0, path.find('?'));
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    if (end > 0) parts.push_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return parts;
}

// For a shell, where that is needed.
std::string quoted(const std::string& word) {
  const bool plain =
      word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./_-") ==
      std::string::npos;
  return plain ? word : "'" + word + "'";
}

}  // namespace

Result<json> answered_object(const ClusterConfig& config, const HttpResponse& response) {
  const auto wrong = [&](const std::string& what) {
    return Error{ErrorKind::server,
                 fmt::format("the server {} answered {} with {}", host_of(config), response.status, what)};
  };
  const std::string_view body = trim(response.body, " \t\r\n");
  if (body.empty()) return wrong("nothing, where an object belongs");
  if (is_page(body))
    return wrong(fmt::format(
        "a web page ({}): is it a Kubernetes API server, or is there a proxy in between?", gist(body)));
  auto object = parse_json(body);
  if (!object && body.front() == '{')
    return wrong(fmt::format("an object that cannot be read: {}", object.error().message));
  if (!object || !object->is_object())
    return wrong("something that is no JSON object: is it a Kubernetes API server?");
  if (member(*object, "kind") != "Status") return object;
  const json& message = member(*object, "message");
  return wrong(
      fmt::format("a Status in place of the object: {}",
                  message.is_string() ? gist(message.get_ref<const std::string&>()) : "no explanation"));
}

bool may_have_changed(const HttpRequest& request, const HttpResponse& response) {
  if (!request.changes) return false;
  if (response.code != CURLE_OK) return response.asked;
  if (response.success()) return true;  // though nobody can read what it says
  return response.status >= 500 && !(response.status == 503 && !response.header("Retry-After").empty());
}

Error with_doubt(const ClusterConfig& config, const HttpRequest& request, Error error) {
  error.message += error.message.ends_with('?') ? "" : ".";
  error.message += fmt::format(" The change may have been made all the same: look with: {}",
                               look_command(config, request.target));
  return error;
}

std::string look_command(const ClusterConfig& config, std::string_view path) {
  // /api/v1/namespaces/NS/services/NAME, /apis/apps/v1/namespaces/NS/deployments/NAME/scale
  const std::vector<std::string_view> parts = segments(path);
  const std::size_t start = !parts.empty() && parts[0] == "apis" ? 3 : 2;
  if (parts.size() < start + 4 || parts[start] != "namespaces")
    return fmt::format("kubectl get --raw '{}'", path.substr(0, path.find('?')));
  const std::string group = start == 3 ? fmt::format(".{}", parts[1]) : "";
  const std::string context = config.context.empty() ? "" : " --context " + quoted(config.context);
  return fmt::format("kubectl get {}{}/{} -n {}{} -o yaml", parts[start + 2], group, parts[start + 3],
                     parts[start + 1], context);
}

}  // namespace junction::kube
