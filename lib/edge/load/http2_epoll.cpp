#include "edge/load/http2_epoll.hpp"

#include "edge/load/epoll.hpp"
#include "edge/load/http2_engine.hpp"
#include "edge/load/socket.hpp"
#include "edge/load/turn.hpp"

namespace junction::load {
namespace {

class Http2Epoll final : public Http2Engine {
 public:
  explicit Http2Epoll(Dispatcher& dispatcher)
      : Http2Engine(dispatcher), epoll_(dispatcher.work().stop), buffer_(read_size) {}

  [[nodiscard]] bool ok() const { return epoll_.ok(); }

  Slot& add_connection(Lane& lane) override {
    connections_.push_back(std::make_unique<Connection>());
    add(*connections_.back(), lane);
    return *connections_.back()->streams.front();
  }

  void poll(std::int64_t until) override {
    turn_.begin();
    if (!queue_.empty()) {
      take_queue();
      if (!queue_.empty()) until = dispatcher().now();  // the others have their turn as well
    }
    for (const epoll_event& event : epoll_.wait(dispatcher().now(), until))
      advance(*static_cast<Connection*>(event.data.ptr));
  }

 private:
  static constexpr std::size_t read_size = 64 * 1024;
  static constexpr std::size_t write_size = 16 * 1024;

  struct Connection : Http2Connection {
    Socket socket;
    std::string out;
    bool unread = false;  // the last turn was over before all was read
  };

  ErrorType connect_socket(Http2Connection& base) override {
    auto& connection = static_cast<Connection&>(base);
    const ErrorType error =
        connection.socket.connect(connection.lane->address, dispatcher().work().destination);
    if (error != ErrorType::none) return error;
    return epoll_.add(connection.socket.fd(), &connection) ? ErrorType::none : ErrorType::too_many_open;
  }

  void disconnect(Http2Connection& base) override {
    auto& connection = static_cast<Connection&>(base);
    connection.socket.close();
    connection.out.clear();
    connection.unread = false;
  }

  void queue(Http2Connection& connection) override {
    queue_.push_back(&static_cast<Connection&>(connection));
  }

  // In the order in which they came; those that the turn is over for stay before those that it adds.
  void take_queue() {
    std::vector<Connection*> connections;
    connections.swap(queue_);
    auto next = connections.begin();
    for (; next != connections.end() && !turn_.over(); ++next) {
      (*next)->touched = false;
      settle(**next);
    }
    queue_.insert(queue_.begin(), next, connections.end());
  }

  // What is to be done between two waits: report a failure, begin anew after a drain, read on, write what was
  // started.
  void settle(Connection& connection) {
    if (connection.failure != ErrorType::none) return lose(connection, connection.failure);
    if (connection.state == State::connecting) return establish(connection);
    if (renew(connection)) return;
    if (connection.unread) read(connection);
    if (connection.state == State::open) submit_pending(connection);
    if (connection.session) write(connection);
  }

  void advance(Connection& connection) {
    if (connection.state == State::closed) return;
    if (turn_.over()) return put_off(connection);
    if (connection.state == State::connecting) return establish(connection);
    read(connection);
    if (connection.session) write(connection);
    if (connection.state == State::draining) touch(connection);
  }

  void put_off(Connection& connection) {
    connection.unread = true;
    touch(connection);
  }

  void establish(Connection& connection) {
    const Socket::Step step = connection.socket.establish();
    connection.socket.has_tls() ? turn_.spend_handshake() : turn_.spend(0);
    if (step == Socket::Step::again) return;
    if (step == Socket::Step::more) return touch(connection);
    if (step == Socket::Step::failed) return lose(connection, connection.socket.failure());
    connected(connection);
    write(connection);
  }

  void write(Connection& connection) {
    for (;;) {
      if (connection.out.size() < write_size) connection.session->collect(connection.out, write_size);
      if (connection.out.empty()) {
        if (is_broken(connection)) lose(connection, ErrorType::protocol);
        return;
      }
      if (turn_.over()) return touch(connection);
      const std::ptrdiff_t count = connection.socket.write(connection.out);
      if (count == Socket::would_block) return;
      if (count == Socket::more) return touch(connection);
      if (count < 0) return hear_out(connection);
      turn_.spend(static_cast<std::size_t>(count));
      connection.out.erase(0, static_cast<std::size_t>(count));
    }
  }

  // It takes no more; but what the server said before it closed counts: answers, and which streams it never
  // looked at.
  void hear_out(Connection& connection) {
    read(connection);
    if (connection.session && !connection.unread) lose(connection, ErrorType::reset);
  }

  void read(Connection& connection) {
    connection.unread = false;
    for (;;) {
      if (turn_.over()) return put_off(connection);
      const std::ptrdiff_t count = connection.socket.read(buffer_.data(), buffer_.size());
      if (count == Socket::would_block) return;
      if (count == Socket::more) return put_off(connection);
      if (count <= 0) return lose(connection, end_of(connection));
      turn_.spend(static_cast<std::size_t>(count));
      if (!received(connection, {buffer_.data(), static_cast<std::size_t>(count)}))
        return lose(connection, ErrorType::protocol);
    }
  }

  // A server that speaks no HTTP/2, and hangs up: its words count, not that it hung up.
  static ErrorType end_of(Connection& connection) {
    connection.session->collect(connection.out, SIZE_MAX);  // to be refused is said when it is written
    return is_broken(connection) ? ErrorType::protocol : ErrorType::reset;
  }

  Epoll epoll_;
  std::vector<char> buffer_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<Connection*> queue_;
  Turn turn_;
};

}  // namespace

std::unique_ptr<Engine> make_http2_epoll(Dispatcher& dispatcher) {
  auto engine = std::make_unique<Http2Epoll>(dispatcher);
  if (!engine->ok()) return nullptr;
  return engine;
}

}  // namespace junction::load
