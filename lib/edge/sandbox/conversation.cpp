#include "edge/sandbox/conversation.hpp"

#include <fmt/format.h>

#include <exception>

#include "edge/sandbox/http_body.hpp"

namespace junction::sandbox {
namespace {

using Clock = std::chrono::steady_clock;

/// Bytes of a body nobody wants that are read past, for the sake of the connection.
constexpr std::size_t most_dropped = 64 * 1024;

constexpr const char* plain_http_answer =
    "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";

}  // namespace

void Conversation::run() {
  const Deadline opened_by = head_deadline();
  const auto opened = connection_.open(opened_by);
  if (opened == ServerConnection::Opened::plain_http) {
    connection_.write(plain_http_answer);
    connection_.linger();
  }
  if (opened != ServerConnection::Opened::ready) return;
  Deadline first_byte = opened_by;
  while (!state_.stopping && next_exchange(first_byte)) first_byte = Clock::now() + limits_.idle;
}

/// False: it was the last one.
bool Conversation::next_exchange(Deadline first_byte) {
  auto request = read_head(first_byte);
  if (!request) {
    if (request.error().status != 0) refuse(request.error());
    return false;
  }
  if (!service_.knows_host(request->host)) {
    refuse({421, fmt::format("nothing here is called '{}'", loggable(request->host))});
    return false;
  }
  request->peer = connection_.peer();
  const auto whole = read_body(*request);
  if (!whole) {
    refuse(whole.error());
    return false;
  }
  HttpResponse response;
  set_busy_(true);
  answer(*request, response);
  const bool ends_by_closing = response.stream && request->http_1_0;
  const bool keep_alive =
      *whole && request->keep_alive && !ends_by_closing && !state_.draining && !state_.stopping;
  const bool sent = send(*request, response, keep_alive);
  set_busy_(false);
  if (sent && !keep_alive) connection_.linger();
  return sent && keep_alive;
}

/// A refusal without a status: there is nobody to tell.
Result<HttpRequest, HttpRefusal> Conversation::read_head(Deadline first_byte) {
  const HttpRefusal nobody{0, ""};
  std::optional<Deadline> deadline;  // from the first byte on
  for (;;) {
    while (connection_.buffered().starts_with('\r') || connection_.buffered().starts_with('\n'))
      connection_.take(1);  // empty lines before a request (RFC 9112, 2.2)
    const std::string_view bytes = connection_.buffered();
    if (!bytes.empty() && !deadline) deadline = head_deadline();
    if (const auto end = end_of_head(bytes.substr(0, longest_head))) {
      auto request = parse_request_head(bytes.substr(0, *end));
      connection_.take(*end);
      return request;
    }
    if (bytes.size() >= longest_head)
      return HttpRefusal{431, fmt::format("the request's head is longer than {} bytes", longest_head)};
    if (!connection_.fill(deadline.value_or(first_byte))) {
      if (!deadline || !connection_.timed_out()) return nobody;
      return HttpRefusal{408, "the request's head did not come in time"};
    }
  }
}

Result<bool, HttpRefusal> Conversation::read_body(HttpRequest& request) {
  if (!request.has_body()) return true;
  const bool wanted = service_.wants_body(request);
  // What nobody wants is read past where that is little; else the connection ends with the answer.
  if (!wanted && (request.expects_continue || request.chunked)) return false;
  if (request.expects_continue && request.content_length.value_or(0) <= service_.longest_body)
    connection_.write("HTTP/1.1 100 Continue\r\n\r\n");
  const BodyRead read = read_http_body(connection_, request, wanted ? service_.longest_body : most_dropped,
                                       head_deadline(), wanted ? &request.body : nullptr);
  if (read == BodyRead::complete) return true;
  if (wanted && read == BodyRead::broken)
    return connection_.timed_out()
               ? HttpRefusal{408, "the request's body did not come in time"}
               : HttpRefusal{400, "the request's body is cut short, or its chunks are none"};
  request.body = {};
  request.too_long = wanted;
  return false;
}

void Conversation::answer(const HttpRequest& request, HttpResponse& response) {
  std::string trouble;
  try {
    return service_.handler(request, response);
  } catch (const std::exception& error) {
    trouble = error.what();
  } catch (...) {
    trouble = "an exception of no known kind";
  }
  response = {.status = 500, .body = "internal error\n"};
  service_.on_trouble(fmt::format("{} {}: {}", request.method, loggable(request.target), trouble));
}

bool Conversation::send(const HttpRequest& request, const HttpResponse& response, bool keep_alive) {
  if (!connection_.write(response_head(request, response, keep_alive))) return false;
  if (request.method == "HEAD") return connection_.flush();
  if (response.stream) return send_stream(request, response);
  return connection_.write(response.body) && connection_.flush();
}

bool Conversation::send_stream(const HttpRequest& request, const HttpResponse& response) {
  for (bool more = true; more;) {
    std::string chunk;
    more = response.stream(chunk) && !state_.stopping;
    if (!chunk.empty()) connection_.write(framed(request, chunk));
    if (!connection_.flush() || !connection_.peer_is_there()) return false;
  }
  return connection_.write(end_of_stream(request)) && connection_.flush();
}

void Conversation::refuse(const HttpRefusal& refusal) {
  HttpRequest unknown;
  HttpResponse response{.status = refusal.status, .body = refusal.why + "\n"};
  send(unknown, response, false);
  connection_.linger();
}

}  // namespace junction::sandbox
