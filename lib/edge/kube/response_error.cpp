#include "edge/kube/response_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/text/utf8.hpp"
#include "edge/files/field.hpp"
#include "edge/files/json.hpp"
#include "edge/kube/transfer_error.hpp"
#include "junction/ascii.hpp"
#include "junction/url.hpp"

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
    case 410:
      return ErrorKind::expired;
    case 504:
      return ErrorKind::timeout;
    default:
      return code >= 400 && code < 429 ? ErrorKind::invalid : ErrorKind::server;
  }
}

// The reasons that the API names itself, for answers that do not.
std::string_view reason_of(long code) {
  switch (code) {
    case 400:
      return "BadRequest";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "NotFound";
    case 405:
      return "MethodNotAllowed";
    case 406:
      return "NotAcceptable";
    case 409:
      return "Conflict";
    case 410:
      return "Expired";
    case 413:
      return "RequestEntityTooLarge";
    case 415:
      return "UnsupportedMediaType";
    case 422:
      return "Invalid";
    case 429:
      return "TooManyRequests";
    case 500:
      return "InternalError";
    case 503:
      return "ServiceUnavailable";
    case 504:
      return "Timeout";
    default:
      return {};
  }
}

bool owned_by_others(const json& status) {
  const json& causes = member(member(status, "details"), "causes");
  return causes.is_array() && std::any_of(causes.begin(), causes.end(), [](const json& cause) {
           return member(cause, "reason") == "FieldManagerConflict";
         });
}

// One line, however the server breaks it, and no longer than a person reads.
std::string one_line(std::string_view text, std::size_t most) {
  std::string line = shortened(trim(text, " \t\r\n"), most);
  std::erase(line, '\r');
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

// Redirections are not followed: credentials go to the server they are for.
Error redirection(const ClusterConfig& config, const HttpResponse& response) {
  const std::string_view place = response.header("Location");
  return {ErrorKind::server,
          fmt::format("the server {} answered {}: it sends elsewhere{}, where no credentials go: is it a "
                      "Kubernetes API server?",
                      host_of(config), response.status,
                      place.empty() ? "" : ", to " + one_line(masked_url(place), 200))};
}

bool is_anonymous(const ClusterConfig& config) {
  return config.token.empty() && config.token_file.empty() && config.username.empty() &&
         config.client_certificate.empty() && !config.exec;
}

const char* anonymous_remedy(const ClusterConfig& config) {
  if (!is_anonymous(config)) return "";
  return config.server.starts_with("http://")
             ? ": no credentials were sent, as none are over http://: use https://"
             : ": no credentials were sent; does the kubeconfig name a user?";
}

std::string remedy(long code, const json& status, const ClusterConfig& config) {
  switch (code) {
    case 403:
      return anonymous_remedy(config);
    case 409:
      return owned_by_others(status)
                 ? ": take the field over with --force-conflicts, or leave it to its owner"
                 : "";
    case 413:
      return ": the annotations of one object may take 262144 bytes together";
    default:
      return "";
  }
}

// How kubectl begins: a refused object is named first, everything else is an error by its reason.
std::string headline(long code, const std::string& reason, const json& status) {
  if (reason != "Invalid")
    return fmt::format("Error from server ({}): ", reason.empty() ? std::to_string(code) : reason);
  return member(member(status, "details"), "kind").is_string() ? "The " : "The request is invalid: ";
}

}  // namespace

std::string gist(std::string_view body) {
  const std::size_t title = body.find("<title>");
  if (title != std::string_view::npos) body = body.substr(title + 7, body.find('<', title + 7) - title - 7);
  body = trim(body, " \t\r\n");
  if (body.empty()) return "no explanation";
  return shortened(body.substr(0, body.find_first_of("\r\n")), 160);
}

bool is_page(std::string_view body) {
  return body.find("<html") != std::string_view::npos || body.find("<HTML") != std::string_view::npos ||
         body.find("<!DOCTYPE") != std::string_view::npos || body.find("<!doctype") != std::string_view::npos;
}

Error status_error(const ClusterConfig& config, long code, std::string_view body) {
  auto parsed = parse_json(body);
  const json status = parsed ? *std::move(parsed) : json();
  const json& message = member(status, "message");
  const json& named = member(status, "reason");
  const std::string reason(named.is_string() ? one_line(named.get_ref<const std::string&>(), 80)
                                             : std::string(reason_of(code)));
  if (code == 401)
    return {
        ErrorKind::unauthorized,
        fmt::format(
            "You must be logged in to the server {} (Unauthorized): it does not know these credentials; have "
            "they expired?",
            host_of(config))};
  if (!message.is_string() && is_page(body))
    return {kind_of(code),
            fmt::format("the server {} answered {} with a web page ({}): is there a proxy in between?",
                        host_of(config), code, gist(body))};
  const std::string text =
      message.is_string() ? one_line(message.get_ref<const std::string&>(), 4096) : gist(body);
  const ErrorKind kind = code == 409 && owned_by_others(status) ? ErrorKind::owned : kind_of(code);
  return {kind, headline(code, reason, status) + text + remedy(code, status, config)};
}

Error response_error(const ClusterConfig& config, const HttpRequest& request, const HttpResponse& response) {
  if (response.code != CURLE_OK) return transfer_error(config, response);
  if (response.status >= 300 && response.status < 400) return redirection(config, response);
  Error error = status_error(config, response.status, response.body);
  const std::string_view after = response.header("Retry-After");
  if (response.status == 429 || response.status == 503)
    error.message += fmt::format(" ({} {}{})", request.method, request.target,
                                 after.empty() ? "" : fmt::format("; it asks to wait {} s", after));
  return error;
}

}  // namespace junction::kube
