#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "edge/load/dispatcher.hpp"
#include "edge/load/engine.hpp"
#include "edge/load/http2_session.hpp"

namespace junction::load {

struct Http2Connection;

/// One stream of a connection, and therefore one slot.
struct Http2Stream : Slot, Http2Exchange {
  Http2Connection* connection = nullptr;
  bool busy = false;
  bool retried = false;  ///< on a new connection
  int refusals = 0;
};

/// One HTTP/2 connection. Engines add their socket to it.
struct Http2Connection {
  enum class State : std::uint8_t {
    closed,
    connecting,
    open,
    draining,  ///< answers what is under way, and takes nothing new
  };

  Lane* lane = nullptr;
  State state = State::closed;
  std::optional<Http2Session> session;
  std::vector<std::unique_ptr<Http2Stream>> streams;
  std::vector<Http2Stream*> pending;  ///< started, and not handed to a session yet
  std::size_t active = 0;             ///< streams of the session that somebody waits for
  std::int64_t last_read = 0;         ///< when the server was last heard of
  ErrorType failure = ErrorType::none;
  bool touched = false;    ///< there is something to do for it in the next poll()
  bool preopened = false;  ///< by open()
  bool used = false;       ///< has answered a request
};

/// What HTTP/2 does with a connection, whoever moves the bytes: which stream carries which request, what is
/// asked again on a new connection, and when an old one is given up.
class Http2Engine : public Engine, public Http2Session::Listener {
 public:
  explicit Http2Engine(Dispatcher& dispatcher) : dispatcher_(dispatcher), requests_(dispatcher.work().plan) {}

  void open(Slot& slot) final;
  [[nodiscard]] int opening() const final { return opening_; }
  void start(Slot& slot) final;
  [[nodiscard]] ErrorType abandon(Slot& slot) final;

 protected:
  using State = Http2Connection::State;

  // What an engine does.
  /// Begins to connect; none means that connected() or lose() will follow.
  [[nodiscard]] virtual ErrorType connect_socket(Http2Connection& connection) = 0;
  /// Closes the socket, and forgets what was still to be written.
  virtual void disconnect(Http2Connection& connection) = 0;
  /// There is something to do for the connection that no event of the network tells of. `touched` is set.
  virtual void queue(Http2Connection& connection) = 0;

  // What an engine reports.
  void connected(Http2Connection& connection);
  /// Bytes came. False: they are not HTTP/2.
  [[nodiscard]] bool received(Http2Connection& connection, std::string_view bytes);
  /// The connection is gone, and with it all that it carried; but what was sent into one that the server had
  /// closed before is asked once more, on a new one.
  void lose(Http2Connection& connection, ErrorType error);

  void touch(Http2Connection& connection);
  void submit_pending(Http2Connection& connection);
  /// Closes a drained connection, and makes a new one where requests wait for that. False: it is in use.
  bool renew(Http2Connection& connection);
  /// What the server said broke the protocol, and somebody waits for an answer.
  [[nodiscard]] static bool is_broken(const Http2Connection& connection) {
    return connection.active > 0 && connection.session->broken_off();
  }

  void add(Http2Connection& connection, Lane& lane);
  [[nodiscard]] Dispatcher& dispatcher() { return dispatcher_; }

 private:
  void closed(Http2Exchange& exchange, ErrorType error, bool refused) override;
  void going_away() override;

  void submit(Http2Stream& stream);
  void connect(Http2Connection& connection);
  void opened(Http2Connection& connection);
  void cool(Http2Connection& connection);
  void close(Http2Connection& connection);

  Dispatcher& dispatcher_;
  const Http2Requests requests_;
  Http2Connection* reading_ = nullptr;
  int opening_ = 0;
};

}  // namespace junction::load
