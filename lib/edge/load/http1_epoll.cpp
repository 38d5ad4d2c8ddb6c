#include "edge/load/http1_epoll.hpp"

#include <vector>

#include "edge/load/epoll.hpp"
#include "edge/load/http1_engine.hpp"
#include "edge/load/socket.hpp"

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
    if (settle() || look_again()) return;
    if (const std::int64_t nap = dispatcher().nap(); nap > 0) Epoll::sleep(nap);
    for (const epoll_event& event : epoll_.wait(dispatcher().now(), until))
      advance(*static_cast<Connection*>(event.data.ptr), (event.events & EPOLLRDHUP) != 0);
  }

 private:
  static constexpr std::size_t read_size = 64 * 1024;

  struct Connection : Http1Connection {
    Socket socket;
  };

  ErrorType connect(Http1Connection& base) override {
    auto& connection = static_cast<Connection&>(base);
    const ErrorType error =
        connection.socket.connect(connection.lane->address, dispatcher().work().destination);
    if (error != ErrorType::none) return error;
    if (!epoll_.add(connection.socket.fd(), &connection)) return ErrorType::too_many_open;
    look_again_.push_back(&connection);  // on this machine it may stand already
    return ErrorType::none;
  }

  void send(Http1Connection& base) override {
    auto& connection = static_cast<Connection&>(base);
    while (!connection.unsent.empty()) {
      const std::ptrdiff_t count = connection.socket.write(connection.unsent);
      if (count == Socket::would_block) return;
      if (count < 0) return look_again_.push_back(&connection);
      connection.unsent.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  void disconnect(Http1Connection& base, bool reset) override {
    Socket& socket = static_cast<Connection&>(base).socket;
    reset ? socket.close_abruptly() : socket.close();
  }

  // What an event that may be long past, or none at all, would have led to.
  bool look_again() {
    if (look_again_.empty()) [[likely]]
      return false;
    std::vector<Connection*> connections;
    connections.swap(look_again_);
    for (Connection* const connection : connections) advance(*connection, false);
    return true;
  }

  void advance(Connection& connection, bool hung_up) {
    if (connection.state == State::closed) return;
    if (connection.state == State::connecting && !establish(connection)) return;
    if (!connection.unsent.empty() && connection.state == State::exchanging) send(connection);
    receive(connection, hung_up);
  }

  // True: it stands, and what is to be sent is on its way.
  bool establish(Connection& connection) {
    const Socket::Step step = connection.socket.establish();
    if (step == Socket::Step::failed) connect_failed(connection, connection.socket.failure());
    if (step == Socket::Step::done) connected(connection);
    return false;
  }

  void receive(Connection& connection, bool hung_up) {
    for (bool more = true; more;) {
      const std::ptrdiff_t count = connection.socket.read(buffer_.data(), buffer_.size());
      if (count == Socket::would_block) return;
      if (count <= 0) return ended(connection, count == 0);
      more = received(connection, {buffer_.data(), static_cast<std::size_t>(count)}, hung_up);
    }
  }

  Epoll epoll_;
  std::vector<char> buffer_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<Connection*> look_again_;
};

}  // namespace

std::unique_ptr<Engine> make_http1_epoll(Dispatcher& dispatcher) {
  auto engine = std::make_unique<Http1Epoll>(dispatcher);
  if (!engine->ok()) return nullptr;
  return engine;
}

}  // namespace junction::load
