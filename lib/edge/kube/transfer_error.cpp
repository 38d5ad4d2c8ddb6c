#include "edge/kube/transfer_error.hpp"

#include <fmt/format.h>

#include "edge/kube/server_url.hpp"
#include "junction/url.hpp"

namespace junction::kube {
namespace {

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
  const std::string what = response.code != CURLE_SSL_CERTPROBLEM
                               ? certificate_error(config, response)
                               : fmt::format("the client certificate cannot be used: {}", response.error);
  return {ErrorKind::network, fmt::format("Unable to connect to the server: {}", what)};
}

}  // namespace

std::string host_of(const ClusterConfig& config) {
  const auto url = ServerUrl::parse(config.server);
  return url ? url->authority() : masked_url(config.server);
}

Error transfer_error(const ClusterConfig& config, const HttpResponse& response) {
  const std::string host = host_of(config);
  if (!response.exceeds.empty())
    return {ErrorKind::server,
            fmt::format("the server {} sent {}: is it a Kubernetes API server?", host, response.exceeds)};
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
    case CURLE_BAD_CONTENT_ENCODING:
      return {ErrorKind::server,
              fmt::format("the answer of the server {} cannot be decompressed: {}", host, response.error)};
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

}  // namespace junction::kube
