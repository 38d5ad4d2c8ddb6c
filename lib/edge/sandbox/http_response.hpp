#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "edge/sandbox/http_request.hpp"

namespace junction::sandbox {

struct HttpResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;

  /// Where set, the body is a stream: called again and again, it appends what there is by then (waiting a
  /// little for it) and returns false at the stream's end.
  std::function<bool(std::string& chunk)> stream;
};

/// The head as it goes out, empty line included.
std::string response_head(const HttpRequest& request, const HttpResponse& response, bool keep_alive);

/// A piece of a streamed body, in the framing that `request` asks for.
std::string framed(const HttpRequest& request, const std::string& chunk);
/// What ends a streamed body.
std::string end_of_stream(const HttpRequest& request);

}  // namespace junction::sandbox
