#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/load/http1_response.hpp"
#include "edge/load/dispatcher.hpp"
#include "edge/load/engine.hpp"

namespace junction::load {

/// One HTTP/1.1 connection, and therefore one slot. Engines add their socket to it.
struct Http1Connection : Slot {
  enum class State : std::uint8_t {
    closed,
    opening,     ///< ahead: nobody waits for it yet
    connecting,  ///< for a request
    idle,
    exchanging,
  };
  [[nodiscard]] bool stands() const { return state == State::idle || state == State::exchanging; }

  Http1Response response;
  std::string_view unsent;  ///< of the request under way
  State state = State::closed;
  ErrorType failure = ErrorType::none;  ///< of a start that failed at once
  bool used = false;  ///< has answered before: when it closes then, that may be no more than the server's
                      ///< idle timeout
  bool retried = false;
};

/// What HTTP/1.1 does with a connection, whoever moves the bytes: one request at a time, connections kept or
/// not, and one retry where an idle connection turns out to have been closed (RFC 9112, 9.3.1).
class Http1Engine : public Engine {
 public:
  explicit Http1Engine(Dispatcher& dispatcher);

  void open(Slot& slot) final;
  [[nodiscard]] int opening() const final { return opening_; }
  void start(Slot& slot) final;
  [[nodiscard]] ErrorType abandon(Slot& slot) final;

 protected:
  using State = Http1Connection::State;

  // What an engine does.
  /// Begins to connect; none means that connected() or connect_failed() will follow, or did.
  [[nodiscard]] virtual ErrorType connect(Http1Connection& connection) = 0;
  /// Sends `unsent`, as far as it goes. A failure shows when reading.
  virtual void send(Http1Connection& connection) = 0;
  /// `reset`: without the closing handshake, which would keep the port busy for a minute.
  virtual void disconnect(Http1Connection& connection, bool reset) = 0;

  // What an engine reports.
  void connected(Http1Connection& connection);
  void connect_failed(Http1Connection& connection, ErrorType error);
  /// Bytes came; `hung_up` when it is known that no more will. True: the connection wants to read on.
  bool received(Http1Connection& connection, std::string_view bytes, bool hung_up);
  /// The stream of a connection that stands ended, in order or not.
  void ended(Http1Connection& connection, bool in_order);
  /// Ends the requests whose start failed at once; true if there were any. To be called first in poll().
  bool settle();

  void add(Http1Connection& connection, Lane& lane);
  [[nodiscard]] Dispatcher& dispatcher() { return dispatcher_; }

 private:
  void not_opened(Http1Connection& connection);
  void complete(Http1Connection& connection, bool keep);
  void fail(Http1Connection& connection, ErrorType error);
  void close(Http1Connection& connection, bool reset);

  Dispatcher& dispatcher_;
  const Requests& requests_;
  const bool keep_alive_;
  std::vector<Http1Connection*> failed_;
  Http1Response::Memo last_head_;
  int opening_ = 0;
};

}  // namespace junction::load
