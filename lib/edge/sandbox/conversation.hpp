#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "edge/sandbox/connection_registry.hpp"
#include "edge/sandbox/http_request.hpp"
#include "edge/sandbox/http_response.hpp"
#include "edge/sandbox/server_connection.hpp"

namespace junction::sandbox {

/// How a server answers.
struct HttpService {
  /// Called from many threads at a time. May throw: the client gets a 500, `on_trouble` is told.
  std::function<void(const HttpRequest&, HttpResponse&)> handler;

  /// Whether the body is to be read, asked once the head is there. Where not, as for strangers, the handler
  /// gets none, and no memory is spent on it.
  std::function<bool(const HttpRequest&)> wants_body = [](const HttpRequest&) { return false; };
  std::size_t longest_body = 0;  ///< bytes; more come as `too_long`

  /// Whether requests to that host are answered; else 421.
  std::function<bool(const std::string& host)> knows_host = [](const std::string&) { return true; };

  /// Told of a handler's mistakes, one line, from any thread.
  std::function<void(const std::string&)> on_trouble = [](const std::string&) {};
};

/// What a server's connections have in common while it runs.
struct ServerState {
  std::atomic<bool> stopping = false;  ///< no further request is answered, streams end
  std::atomic<bool> draining = false;  ///< answers say "Connection: close"
};

/// The requests and answers on one connection, from the first to the last.
class Conversation {
 public:
  Conversation(ServerConnection& connection, const HttpService& service, const ServerState& state,
               const ConnectionLimits& limits, std::function<void(bool)> set_busy)
      : connection_(connection),
        service_(service),
        state_(state),
        limits_(limits),
        set_busy_(std::move(set_busy)) {}

  /// Returns when the connection is to be closed.
  void run();

 private:
  using Deadline = ServerConnection::Deadline;

  bool next_exchange(Deadline first_byte);
  Result<HttpRequest, HttpRefusal> read_head(Deadline first_byte);
  /// False: some of the body is still to come, and the connection is of no use after the answer.
  Result<bool, HttpRefusal> read_body(HttpRequest& request);
  void answer(const HttpRequest& request, HttpResponse& response);
  bool send(const HttpRequest& request, const HttpResponse& response, bool keep_alive);
  bool send_stream(const HttpRequest& request, const HttpResponse& response);
  void refuse(const HttpRefusal& refusal);
  [[nodiscard]] Deadline head_deadline() const { return std::chrono::steady_clock::now() + limits_.head; }

  ServerConnection& connection_;
  const HttpService& service_;
  const ServerState& state_;
  const ConnectionLimits& limits_;
  std::function<void(bool)> set_busy_;
};

}  // namespace junction::sandbox
