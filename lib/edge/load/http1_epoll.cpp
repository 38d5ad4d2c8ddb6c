#include "edge/load/http1_epoll.hpp"

#include <string_view>
#include <vector>

#include "core/http1_response.hpp"
#include "edge/load/epoll.hpp"
#include "edge/load/socket.hpp"

namespace junction::load {
namespace {

constexpr std::size_t read_size = 64 * 1024;

/// One connection, and with HTTP/1.1 therefore one slot.
struct Connection : Slot {
  enum class State : std::uint8_t { closed, connecting, idle, sending, receiving, failed };

  Socket socket;
  Http1Response response;
  State state = State::closed;
  ErrorType failure = ErrorType::none;  // of a start that failed at once
  bool busy = false;                    // carries a request, or will as soon as it is connected
  bool used = false;  // has answered a request before: then a close may just be the server's idle timeout
  bool retried = false;
  std::string_view unsent;
};

class Http1Epoll final : public Engine {
 public:
  explicit Http1Epoll(Dispatcher& dispatcher)
      : dispatcher_(dispatcher),
        requests_(dispatcher.work().requests),
        keep_alive_(dispatcher.work().plan.transport.keep_alive),
        epoll_(dispatcher.work().stop),
        buffer_(read_size) {}

  Slot& add_connection(Group& group) override {
    connections_.push_back(std::make_unique<Connection>());
    Connection& connection = *connections_.back();
    connection.group = &group;
    ++group.connections;
    group.cold.push_back(connection);
    return connection;
  }

  void open(Slot& slot) override {
    auto& connection = static_cast<Connection&>(slot);
    if (!connect(connection)) return;
    ++opening_;
  }
  [[nodiscard]] int opening() const override { return opening_; }

  void start(Slot& slot) override {
    auto& connection = static_cast<Connection&>(slot);
    connection.busy = true;
    connection.retried = false;
    connection.unsent = requests_.http1(slot.job.query);
    connection.response.start(requests_.head());
    if (connection.state == Connection::State::idle) return send(connection);
    if (connection.state == Connection::State::connecting) return;  // opened ahead, and not there yet
    if (!connect(connection)) return put_off(connection);
    advance(connection, false);
  }

  ErrorType abandon(Slot& slot) override {
    auto& connection = static_cast<Connection&>(slot);
    const bool connected = connection.state != Connection::State::connecting;
    close(connection);
    return connected ? ErrorType::timeout : ErrorType::connect;
  }

  void poll(std::int64_t until) override {
    if (!put_off_.empty()) {
      std::vector<Connection*> failed;
      failed.swap(put_off_);
      for (Connection* const connection : failed) {
        if (connection->state == State::failed)
          fail(*connection, connection->failure);
        else
          advance(*connection, true);
      }
      return;
    }
    for (const epoll_event& event : epoll_.wait(until - dispatcher_.now())) {
      hung_up_ = (event.events & EPOLLRDHUP) != 0;
      advance(*static_cast<Connection*>(event.data.ptr), true);
    }
    hung_up_ = false;
  }

 private:
  using State = Connection::State;

  // True: connected or under way. The failure stays in the connection.
  bool connect(Connection& connection) {
    connection.used = false;
    connection.failure = connection.socket.connect(connection.group->address, dispatcher_.work().target);
    if (connection.failure == ErrorType::none && !epoll_.add(connection.socket.fd(), &connection)) {
      connection.socket.close();
      connection.failure = ErrorType::too_many_open;
    }
    connection.state = connection.failure == ErrorType::none ? State::connecting : State::closed;
    return connection.state == State::connecting;
  }

  // start() may not finish() a request: the next poll() does.
  void put_off(Connection& connection) {
    connection.state = State::failed;
    put_off_.push_back(&connection);
  }

  // Goes as far as the socket allows. `report` is false within start().
  void advance(Connection& connection, bool report) {
    switch (connection.state) {
      case State::connecting:
        return establish(connection, report);
      case State::idle:
        return check_idle(connection);
      case State::sending:
        send(connection);
        if (report) receive(connection);  // an early answer, perhaps a refusal
        return;
      case State::receiving:
        return receive(connection);
      case State::closed:
      case State::failed:
        return;
    }
  }

  void establish(Connection& connection, bool report) {
    const Socket::Step step = connection.socket.establish();
    if (step == Socket::Step::again) return;
    if (!connection.busy) --opening_;
    if (step == Socket::Step::failed) {
      connection.failure = connection.socket.failure();
      connection.socket.close();
      if (!connection.busy) {
        connection.state = State::closed;
        return;
      }
      return report ? fail(connection, connection.failure) : put_off(connection);
    }
    if (connection.busy) return send(connection);
    connection.state = State::idle;
    dispatcher_.warm(connection);
  }

  void send(Connection& connection) {
    connection.state = State::sending;
    while (!connection.unsent.empty()) {
      const std::ptrdiff_t count = connection.socket.write(connection.unsent);
      if (count == Socket::would_block) return;
      if (count < 0) {  // the reading side knows why; there may even be an answer
        put_off_.push_back(&connection);
        break;
      }
      connection.unsent.remove_prefix(static_cast<std::size_t>(count));
    }
    connection.state = State::receiving;
  }

  void receive(Connection& connection) {
    for (;;) {
      const std::ptrdiff_t count = connection.socket.read(buffer_.data(), buffer_.size());
      if (count == Socket::would_block) return;
      if (count <= 0) return lost(connection, count == 0);
      const std::string_view bytes(buffer_.data(), static_cast<std::size_t>(count));
      const std::size_t used = connection.response.feed(bytes);
      if (connection.response.failed()) return fail(connection, ErrorType::protocol);
      if (connection.response.complete()) return complete(connection, used == bytes.size());
    }
  }

  void complete(Connection& connection, bool nothing_left) {
    const bool keep = nothing_left && keep_alive_ && connection.response.keep_alive() &&
                      connection.unsent.empty() && !hung_up_;
    const std::uint16_t status = connection.response.status();
    connection.busy = false;
    if (keep) {
      connection.state = State::idle;
      connection.used = true;
    } else {
      connection.state = State::closed;
      connection.socket.close_abruptly();
    }
    dispatcher_.finish(connection, {.status = status, .warm = keep});
  }

  // The connection ended, in order or not, while an answer was awaited.
  void lost(Connection& connection, bool in_order) {
    if (in_order && connection.response.started()) {
      connection.response.end_of_stream();
      if (connection.response.complete()) return complete(connection, true);
    }
    const bool stale = connection.used && !connection.response.started();
    if (!stale || connection.retried || !requests_.idempotent()) return fail(connection, ErrorType::reset);
    connection.retried = true;  // the server had closed it before the request came: ask once more, on a new one
    dispatcher_.note_retry();
    connection.unsent = requests_.http1(connection.job.query);
    if (!connect(connection)) return fail(connection, connection.failure);
    establish(connection, true);
  }

  void fail(Connection& connection, ErrorType error) {
    close(connection);
    dispatcher_.finish(connection, {.error = error});
  }

  void close(Connection& connection) {
    connection.socket.close();
    connection.state = State::closed;
    connection.busy = false;
  }

  // Nothing is due from the server on an idle connection; what comes is its end, or noise before it.
  void check_idle(Connection& connection) {
    if (connection.socket.read(buffer_.data(), buffer_.size()) == Socket::would_block) return;
    close(connection);
    dispatcher_.cool(connection);
  }

  Dispatcher& dispatcher_;
  const Requests& requests_;
  const bool keep_alive_;
  Epoll epoll_;
  std::vector<char> buffer_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<Connection*> put_off_;
  int opening_ = 0;
  bool hung_up_ = false;  // the event being handled says that the server closed its side
};

}  // namespace

std::unique_ptr<Engine> make_http1_epoll(Dispatcher& dispatcher) {
  return std::make_unique<Http1Epoll>(dispatcher);
}

}  // namespace junction::load
