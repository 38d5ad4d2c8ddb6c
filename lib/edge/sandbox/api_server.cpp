#include "edge/sandbox/api_server.hpp"

#include <algorithm>
#include <utility>

#include "edge/sandbox/body.hpp"
#include "junction/endpoint.hpp"

namespace junction::sandbox {
namespace {

ApiRequest to_api_request(const HttpRequest& request) {
  ApiRequest asked;
  asked.method = request.method;
  asked.path = request.path;
  asked.query = request.query;
  asked.accept = request.header("Accept");
  asked.authorization = request.header("Authorization");
  asked.content_type = request.header("Content-Type");
  asked.user_agent = request.header("User-Agent");
  asked.body = request.body;
  asked.too_long = request.too_long;
  return asked;
}

HttpResponse to_http_response(ApiReply reply) {
  HttpResponse response;
  response.status = reply.status;
  response.content_type = std::move(reply.content_type);
  response.body = std::move(reply.body);
  response.headers = std::move(reply.headers);
  response.headers.emplace_back("Cache-Control", "no-cache, private");
  response.stream = std::move(reply.stream);
  return response;
}

/// The names of the certificate, and loopback addresses: a page in a browser that has its own name resolved
/// to 127.0.0.1 is kept out.
bool is_our_name(std::string host) {
  if (host.ends_with('.')) host.pop_back();
  if (host == "[::1]" || std::find(server_names.begin(), server_names.end(), host) != server_names.end())
    return true;
  const auto address = SocketAddress::parse(host, 0);
  return address && address->family == SocketAddress::Family::v4 && address->ip[0] == 127;
}

}  // namespace

Result<std::unique_ptr<HttpServer>> serve_api(Api& api, const Pki& pki, std::uint16_t port,
                                              ConnectionRegistry& connections,
                                              std::function<void(const std::string&)> on_trouble) {
  SocketAddress address;
  address.ip = {127, 0, 0, 1};
  address.port = port;
  HttpService service;
  service.handler = [&api](const HttpRequest& request, HttpResponse& response) {
    response = to_http_response(api.handle(to_api_request(request)));
  };
  service.wants_body = [&api](const HttpRequest& request) { return api.admit(to_api_request(request)).ok(); };
  service.longest_body = longest_body;
  service.knows_host = [](const std::string& host) { return host.empty() || is_our_name(host); };
  service.on_trouble = std::move(on_trouble);
  return HttpServer::start(address, std::move(service), connections, &pki);
}

}  // namespace junction::sandbox
