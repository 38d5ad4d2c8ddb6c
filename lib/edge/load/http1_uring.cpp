#include "edge/load/http1_uring.hpp"

#include <netinet/tcp.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "edge/load/http1_engine.hpp"
#include "edge/load/uring.hpp"

namespace junction::load {
namespace {

class Http1Uring final : public Http1Engine {
 public:
  explicit Http1Uring(Dispatcher& dispatcher) : Http1Engine(dispatcher) {
    if (!uring_.ok() || dispatcher.work().stop.descriptor() < 0) return;
    io_uring_sqe& sqe = uring_.entry(0);
    io_uring_prep_poll_add(&sqe, dispatcher.work().stop.descriptor(), POLLIN);
    sqe.user_data = static_cast<std::uint64_t>(Operation::stop) << 60;
  }

  ~Http1Uring() override {
    for (const auto& connection : connections_)
      if (connection->fd >= 0) ::close(connection->fd);
  }

  [[nodiscard]] bool ok() const { return uring_.ok(); }

  Slot& add_connection(Lane& lane) override {
    connections_.push_back(std::make_unique<Connection>());
    connections_.back()->index = static_cast<std::uint32_t>(connections_.size() - 1);
    add(*connections_.back(), lane);
    return *connections_.back();
  }

  void poll(std::int64_t until) override {
    if (settle()) return;
    const std::uint32_t wanted = dispatcher().group_size();
    std::int64_t left = until - dispatcher().now();
    if (wanted > 1) left = std::min(left, ReplyGroups::patience);
    uring_.wait(left, wanted, [this](std::uint64_t data, std::int32_t result, std::uint32_t flags) {
      completed(data, result, flags);
    });
  }

 private:
  struct Connection : Http1Connection {
    std::uint32_t index = 0;
    std::uint32_t generation = 0;  // of the socket: completions for an earlier one are told by it
    int fd = -1;
  };

  enum class Operation : std::uint8_t { stop, connect, send, receive };

  // user_data: operation in the top 4 bits, then 28 bits of generation, then the connection's index.
  static constexpr std::uint32_t generation_mask = (1U << 28) - 1;

  static std::uint64_t tag(const Connection& connection, Operation operation) {
    return static_cast<std::uint64_t>(operation) << 60 |
           static_cast<std::uint64_t>(connection.generation & generation_mask) << 32 | connection.index;
  }

  ErrorType connect(Http1Connection& base) override {
    auto& connection = static_cast<Connection&>(base);
    const Address& address = connection.lane->address;
    connection.fd = ::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
    if (connection.fd < 0) return ErrorType::too_many_open;
    const int on = 1;
    ::setsockopt(connection.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    io_uring_sqe& sqe = uring_.entry(0);
    io_uring_prep_connect(&sqe, connection.fd, address.get(), address.size);
    sqe.user_data = tag(connection, Operation::connect);
    return ErrorType::none;
  }

  // One that is sent whole, which is what usually happens, posts nothing.
  void send(Http1Connection& base) override {
    auto& connection = static_cast<Connection&>(base);
    io_uring_sqe& sqe = uring_.entry(0);
    io_uring_prep_send(&sqe, connection.fd, connection.unsent.data(), connection.unsent.size(),
                       MSG_NOSIGNAL | MSG_WAITALL);
    sqe.flags |= IOSQE_CQE_SKIP_SUCCESS;
    sqe.user_data = tag(connection, Operation::send);
    connection.unsent = {};
  }

  void disconnect(Http1Connection& base, bool reset) override {
    auto& connection = static_cast<Connection&>(base);
    if (connection.fd < 0) return;
    ++connection.generation;
    if (reset) {
      const linger at_once{1, 0};
      ::setsockopt(connection.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    ::shutdown(connection.fd, SHUT_RDWR);  // ends the armed receive, which holds the socket open
    ::close(connection.fd);
    connection.fd = -1;
  }

  void completed(std::uint64_t data, std::int32_t result, std::uint32_t flags) {
    const auto operation = static_cast<Operation>(data >> 60);
    if (operation == Operation::stop) return;
    Connection& connection = *connections_[static_cast<std::uint32_t>(data)];
    if (tag(connection, operation) != data) return;
    if (operation == Operation::connect) return connect_done(connection, result);
    if (operation == Operation::send) return;  // it failed; the receive says why
    receive_done(connection, result, flags);
  }

  void connect_done(Connection& connection, std::int32_t result) {
    if (result != 0) {
      const bool no_port = result == -EADDRNOTAVAIL || result == -EMFILE || result == -ENOBUFS;
      return connect_failed(connection, no_port ? ErrorType::too_many_open : ErrorType::connect);
    }
    uring_.receive(connection.fd, tag(connection, Operation::receive));
    connected(connection);
  }

  void receive_done(Connection& connection, std::int32_t result, std::uint32_t flags) {
    const std::uint32_t generation = connection.generation;
    if (result > 0)
      received(connection, uring_.bytes(result, flags), false);
    else if (result != -ENOBUFS)
      return ended(connection, result == 0);
    const bool armed = (flags & IORING_CQE_F_MORE) != 0;
    if (!armed && connection.fd >= 0 && connection.generation == generation)
      uring_.receive(connection.fd, tag(connection, Operation::receive));
  }

  std::vector<std::unique_ptr<Connection>> connections_;
  Uring uring_;
};

}  // namespace

std::unique_ptr<Engine> make_http1_uring(Dispatcher& dispatcher) {
  auto engine = std::make_unique<Http1Uring>(dispatcher);
  if (!engine->ok()) return nullptr;
  return engine;
}

bool uring_works() {
  return Uring().ok();
}

}  // namespace junction::load
