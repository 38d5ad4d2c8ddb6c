#include "edge/load/http1_epoll.hpp"

#include <vector>

#include "edge/load/epoll.hpp"
#include "edge/load/http1_engine.hpp"
#include "edge/load/socket.hpp"
#include "edge/load/turn.hpp"

namespace junction::load {
namespace {

class Http1Epoll final : public Http1Engine {
 public:
  explicit Http1Epoll(Dispatcher& dispatcher)
      : Http1Engine(dispatcher), epoll_(dispatcher.work().stop), buffer_(read_size) {}

  [[nodiscard]] bool ok() const { return epoll_.ok(); }

  Slot& add_connection(Lane& lane) override {
    connections_.push_back(std::make_unique<Connection>());
    add(*connections_.back(), lane);
    return *connections_.back();
  }

  void poll(std::int64_t until) override {
    turn_.begin();
    if (!settle()) look(until);
    turn_.begin();  // of what is started before the next call
  }

 private:
  static constexpr std::size_t read_size = 64 * 1024;

  struct Connection : Http1Connection {
    Socket socket;
    bool hung_up = false;  // the server will send no more than what is there
    bool queued = false;   // in queue_
  };

  ErrorType connect(Http1Connection& base) override {
    auto& connection = static_cast<Connection&>(base);
    const ErrorType error =
        connection.socket.connect(connection.lane->address, dispatcher().work().destination);
    if (error != ErrorType::none) return error;
    if (!epoll_.add(connection.socket.fd(), &connection)) return ErrorType::too_many_open;
    connection.hung_up = false;
    queue(connection);  // on this machine it may stand already
    return ErrorType::none;
  }

  void send(Http1Connection& base) override {
    auto& connection = static_cast<Connection&>(base);
    while (!connection.unsent.empty()) {
      if (turn_.over()) return queue(connection);
      const std::ptrdiff_t count = connection.socket.write(connection.unsent);
      if (count == Socket::would_block) return;
      if (count < 0) return queue(connection);
      turn_.spend(static_cast<std::size_t>(count));
      connection.unsent.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  void disconnect(Http1Connection& base, bool reset) override {
    Socket& socket = static_cast<Connection&>(base).socket;
    reset ? socket.close_abruptly() : socket.close();
  }

  // For the next turn: what an event that is long past, or none at all, would lead to.
  void queue(Connection& connection) {
    if (connection.queued) return;
    connection.queued = true;
    queue_.push_back(&connection);
  }

  void look(std::int64_t until) {
    if (!queue_.empty()) {
      take_queue();
      if (queue_.empty()) return;
      until = dispatcher().now();  // the others have their turn as well
    } else if (const std::int64_t nap = dispatcher().nap(); nap > 0) {
      Epoll::sleep(nap);
    }
    for (const epoll_event& event : epoll_.wait(dispatcher().now(), until)) {
      auto& connection = *static_cast<Connection*>(event.data.ptr);
      if ((event.events & EPOLLRDHUP) != 0) connection.hung_up = true;
      advance(connection);
    }
  }

  // In the order in which they came; those that the turn is over for stay before those that it adds.
  void take_queue() {
    std::vector<Connection*> connections;
    connections.swap(queue_);
    auto next = connections.begin();
    for (; next != connections.end() && !turn_.over(); ++next) {
      (*next)->queued = false;
      advance(**next);
    }
    queue_.insert(queue_.begin(), next, connections.end());
  }

  void advance(Connection& connection) {
    if (connection.state == State::closed) return;
    if (turn_.over()) return queue(connection);
    if (!connection.stands()) return establish(connection);
    if (!connection.unsent.empty()) send(connection);
    receive(connection);
  }

  void establish(Connection& connection) {
    const Socket::Step step = connection.socket.establish();
    connection.socket.has_tls() ? turn_.spend_handshake() : turn_.spend(0);
    if (step == Socket::Step::more) queue(connection);
    if (step == Socket::Step::failed) connect_failed(connection, connection.socket.failure());
    if (step == Socket::Step::done) connected(connection);
  }

  void receive(Connection& connection) {
    for (bool more = true; more;) {
      if (turn_.over()) return queue(connection);
      const std::ptrdiff_t count = connection.socket.read(buffer_.data(), buffer_.size());
      if (count == Socket::would_block) return;
      if (count == Socket::more) return queue(connection);
      if (count <= 0) return ended(connection, count == 0);
      turn_.spend(static_cast<std::size_t>(count));
      more = received(connection, {buffer_.data(), static_cast<std::size_t>(count)}, connection.hung_up);
    }
  }

  Epoll epoll_;
  std::vector<char> buffer_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<Connection*> queue_;
  Turn turn_;
};

}  // namespace

std::unique_ptr<Engine> make_http1_epoll(Dispatcher& dispatcher) {
  auto engine = std::make_unique<Http1Epoll>(dispatcher);
  if (!engine->ok()) return nullptr;
  return engine;
}

}  // namespace junction::load
