#include "edge/sandbox/http_response.hpp"

#include <fmt/format.h>

namespace junction::sandbox {
namespace {

const char* reason_of(int status) {
  struct Row {
    int status;
    const char* reason;
  };
  static constexpr Row rows[] = {
      {200, "OK"},
      {201, "Created"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {406, "Not Acceptable"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {410, "Gone"},
      {413, "Content Too Large"},
      {414, "URI Too Long"},
      {415, "Unsupported Media Type"},
      {417, "Expectation Failed"},
      {421, "Misdirected Request"},
      {422, "Unprocessable Content"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {502, "Bad Gateway"},
      {503, "Service Unavailable"},
      {505, "HTTP Version Not Supported"},
  };
  for (const Row& row : rows)
    if (row.status == status) return row.reason;
  return "Unknown";
}

}  // namespace

std::string response_head(const HttpRequest& request, const HttpResponse& response, bool keep_alive) {
  std::string head = fmt::format("HTTP/1.1 {} {}\r\n", response.status, reason_of(response.status));
  for (const auto& [name, value] : response.headers) head += fmt::format("{}: {}\r\n", name, value);
  head += fmt::format("Content-Type: {}\r\n", response.content_type);
  if (!response.stream)
    head += fmt::format("Content-Length: {}\r\n", response.body.size());
  else if (!request.http_1_0)
    head += "Transfer-Encoding: chunked\r\n";
  if (!keep_alive)
    head += "Connection: close\r\n";
  else if (request.http_1_0)
    head += "Connection: keep-alive\r\n";
  return head + "\r\n";
}

std::string framed(const HttpRequest& request, const std::string& chunk) {
  return request.http_1_0 ? chunk : fmt::format("{:x}\r\n{}\r\n", chunk.size(), chunk);
}

std::string end_of_stream(const HttpRequest& request) {
  return request.http_1_0 ? "" : "0\r\n\r\n";
}

}  // namespace junction::sandbox
