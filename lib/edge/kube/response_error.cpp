#include "edge/kube/response_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "edge/files/field.hpp"
#include "edge/files/json.hpp"
#include "edge/kube/server_url.hpp"
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

std::string host_of(const ClusterConfig& config) {
  const auto url = ServerUrl::parse(config.server);
  return url ? url->authority() : masked_url(config.server);
}

// What is in the way of trusting a certificate. Numbers are OpenSSL's X509_V_ERR_* (openssl/x509_vfy.h).
std::string certificate_error(const ClusterConfig& config, const HttpResponse& response) {
  const std::string host = host_of(config);
  switch (response.verify_result) {
    case 9:
      return fmt::format("the certificate of {} is not valid yet: is this machine's clock right?", host);
    case 10:
      return fmt::format("the certificate of {} has expired: renew it, and check this machine's clock", host);
    case 18:
    case 19:
    case 20:
    case 21:
      return fmt::format(
          "the certificate of {} is signed by an unknown authority: give its CA by "
          "--certificate-authority or in the kubeconfig",
          host);
    default:
      break;
  }
  // A CA of the right name and another key, as when a cluster is made anew: OpenSSL stops at the signature.
  if (response.error.find("asn1 encoding") != std::string::npos ||
      response.error.find("signature") != std::string::npos)
    return fmt::format(
        "the certificate of {} is signed by an unknown authority (one of the same name, but another key): is "
        "the kubeconfig of an earlier cluster?",
        host);
  const std::string expected = config.tls_server_name.empty() ? host : config.tls_server_name;
  if (response.error.find("does not match") != std::string::npos ||
      response.error.find("no alternative") != std::string::npos)
    return fmt::format("the certificate of {} is not for {}: name what it is for by --tls-server-name", host,
                       expected);
  return fmt::format("tls: {}", response.error);
}

// A server that hangs up while TLS is being agreed on is not one that cannot be trusted.
bool hung_up(const HttpResponse& response) {
  return response.verify_result == 0 && (response.error.find("Connection reset") != std::string::npos ||
                                         response.error.find("SSL_ERROR_SYSCALL") != std::string::npos);
}

Error broken(const std::string& host, const HttpResponse& response) {
  return {ErrorKind::network, fmt::format("the connection to the server {} broke: {}", host, response.error)};
}

Error tls_error(const ClusterConfig& config, const HttpResponse& response) {
  const bool of_key = response.error.find("private key") != std::string::npos;
  const std::string what =
      response.code == CURLE_SSL_CACERT_BADFILE ? "the certificate authority holds no certificate in PEM form"
      : response.code != CURLE_SSL_CERTPROBLEM  ? certificate_error(config, response)
      : of_key ? "the client certificate cannot be used: its client-key is another's, or no key in PEM form"
               : fmt::format("the client certificate cannot be used: {}", response.error);
  return {ErrorKind::network, fmt::format("Unable to connect to the server: {}", what)};
}

Error transfer_error(const ClusterConfig& config, const HttpResponse& response) {
  const std::string host = host_of(config);
  switch (response.code) {
    case CURLE_OPERATION_TIMEDOUT:
      return {ErrorKind::timeout,
              fmt::format("the server {} did not answer in time: {}", host, response.error)};
    case CURLE_COULDNT_CONNECT:
      if (!config.proxy_url.empty()) break;
      return {
          ErrorKind::network,
          fmt::format("The connection to the server {} was refused - did you specify the right host or port?",
                      host)};
    case CURLE_COULDNT_RESOLVE_HOST:
      return {ErrorKind::network,
              fmt::format("Unable to connect to the server: the name {} does not resolve", host)};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
      return hung_up(response) ? broken(host, response) : tls_error(config, response);
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2_STREAM:
      return broken(host, response);
    default:
      break;
  }
  const std::string proxy = config.proxy_url.empty() ? "" : " through the proxy-url of its kubeconfig";
  return {ErrorKind::network,
          fmt::format("Unable to connect to the server {}{}: {}", host, proxy, response.error)};
}

// The first words of a body that is no Status: of a page, its title.
std::string gist(std::string_view body) {
  const std::size_t title = body.find("<title>");
  if (title != std::string_view::npos) body = body.substr(title + 7, body.find('<', title + 7) - title - 7);
  const std::size_t start = body.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return "no explanation";
  body.remove_prefix(start);
  return std::string(body.substr(0, std::min<std::size_t>(body.find_first_of("\r\n"), 160)));
}

bool is_page(std::string_view body) {
  return body.find("<html") != std::string_view::npos || body.find("<HTML") != std::string_view::npos ||
         body.find("<!DOCTYPE") != std::string_view::npos || body.find("<!doctype") != std::string_view::npos;
}

bool owned_by_others(const json& status) {
  const json& causes = member(member(status, "details"), "causes");
  return causes.is_array() && std::any_of(causes.begin(), causes.end(), [](const json& cause) {
           return member(cause, "reason") == "FieldManagerConflict";
         });
}

// One line, however the server breaks it.
std::string one_line(std::string text) {
  std::string line;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\n')
      line += text[i];
    else if (i + 1 < text.size())
      line += ' ';
  }
  return line;
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

Error status_error(const ClusterConfig& config, long code, std::string_view body) {
  auto parsed = parse_json(body);
  const json status = parsed ? *std::move(parsed) : json();
  const json& message = member(status, "message");
  const json& named = member(status, "reason");
  const std::string reason(named.is_string() ? named.get<std::string>() : std::string(reason_of(code)));
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
  const std::string text = message.is_string() ? one_line(message.get<std::string>()) : gist(body);
  const ErrorKind kind = code == 409 && owned_by_others(status) ? ErrorKind::owned : kind_of(code);
  return {kind, headline(code, reason, status) + text + remedy(code, status, config)};
}

Error response_error(const ClusterConfig& config, const HttpRequest& request, const HttpResponse& response) {
  if (response.code != CURLE_OK) return transfer_error(config, response);
  Error error = status_error(config, response.status, response.body);
  const std::string_view after = response.header("Retry-After");
  if (response.status == 429 || response.status == 503)
    error.message += fmt::format(" ({} {}{})", request.method, request.target,
                                 after.empty() ? "" : fmt::format("; it asks to wait {} s", after));
  return error;
}

}  // namespace junction::kube
