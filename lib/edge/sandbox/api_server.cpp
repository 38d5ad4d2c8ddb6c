#include "edge/sandbox/api_server.hpp"

namespace junction::sandbox {
namespace {

ApiRequest to_api_request(const httplib::Request& request) {
  ApiRequest asked;
  asked.method = request.method;
  asked.path = request.path;
  asked.query = {request.params.begin(), request.params.end()};
  asked.accept = request.get_header_value("Accept");
  asked.authorization = request.get_header_value("Authorization");
  asked.content_type = request.get_header_value("Content-Type");
  asked.user_agent = request.get_header_value("User-Agent");
  asked.body = request.body;
  return asked;
}

void answer(ApiReply reply, httplib::Response& response) {
  response.status = reply.status;
  response.set_header("Cache-Control", "no-cache, private");
  for (const auto& [name, value] : reply.headers) response.set_header(name, value);
  if (!reply.stream) return response.set_content(reply.body, reply.content_type);
  response.set_chunked_content_provider(
      reply.content_type, [stream = std::move(reply.stream)](std::size_t, httplib::DataSink& sink) {
        std::string chunk;
        const bool more = stream(chunk);
        if (!chunk.empty() && !sink.write(chunk.data(), chunk.size())) return false;
        if (!more) sink.done();
        return sink.is_writable();  // sends the chunk, and notices that the reader has gone
      });
}

}  // namespace

Result<std::unique_ptr<HttpServer>> serve_api(Api& api, const Pki& pki, std::uint16_t port) {
  SocketAddress address;
  address.ip = {127, 0, 0, 1};
  address.port = port;
  return HttpServer::start(
      address,
      [&api](const httplib::Request& request, httplib::Response& response) {
        answer(api.handle(to_api_request(request)), response);
      },
      &pki);
}

}  // namespace junction::sandbox
