#include "edge/kube/response_error.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "edge/kube/fields.hpp"

namespace junction::kube {
namespace {

using nlohmann::json;

ErrorKind kind_of(long code) {
  switch (code) {
    case 401:
      return ErrorKind::unauthorized;
    case 403:
      return ErrorKind::forbidden;
    case 404:
      return ErrorKind::not_found;
    case 409:
      return ErrorKind::conflict;
    case 400:
    case 405:
    case 406:
    case 413:
    case 415:
    case 422:
      return ErrorKind::invalid;
    default:
      return ErrorKind::server;
  }
}

Error transfer_error(const ClusterConfig& config, const HttpResponse& response) {
  switch (response.code) {
    case CURLE_OPERATION_TIMEDOUT:
      return {ErrorKind::timeout,
              fmt::format("the server {} did not answer in time ({})", config.server, response.error)};
    case CURLE_COULDNT_CONNECT:
      return {ErrorKind::network,
              fmt::format("the server {} refused the connection: is it running, and is that its address?",
                          config.server)};
    default:
      return {ErrorKind::network,
              fmt::format("cannot talk to the server {}: {}", config.server, response.error)};
  }
}

std::string first_line(std::string_view text) {
  text = text.substr(0, text.find('\n'));
  return std::string(text.substr(0, 200));
}

}  // namespace

Error status_error(const ClusterConfig& config, long code, std::string_view body) {
  const json status = json::parse(body, nullptr, false);
  const json& message = field(status, "message");
  const json& reason = field(status, "reason");
  if (!message.is_string())
    return {kind_of(code),
            fmt::format("the server {} answered {}: {}", config.server, code, first_line(body))};
  const std::string name =
      reason.is_string() ? fmt::format(" ({})", reason.get_ref<const std::string&>()) : "";
  return {kind_of(code),
          fmt::format("the server refused{}: {}", name, message.get_ref<const std::string&>())};
}

Error response_error(const ClusterConfig& config, const HttpRequest&, const HttpResponse& response) {
  if (response.code != CURLE_OK) return transfer_error(config, response);
  return status_error(config, response.status, response.body);
}

}  // namespace junction::kube
