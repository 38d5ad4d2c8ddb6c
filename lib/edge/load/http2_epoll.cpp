#include "edge/load/http2_epoll.hpp"

#include <optional>
#include <vector>

#include "edge/load/epoll.hpp"
#include "edge/load/http2_session.hpp"
#include "edge/load/socket.hpp"

namespace junction::load {
namespace {

constexpr std::size_t read_size = 64 * 1024;
constexpr std::size_t write_size = 16 * 1024;
constexpr int most_refusals =
    5;  // of one request; a server may refuse many at once before its SETTINGS are known

struct Connection;

struct Stream : Slot, Http2Exchange {
  Connection* connection = nullptr;
  bool busy = false;
  bool retried = false;  // on a new connection
  int refusals = 0;
};

struct Connection {
  enum class State : std::uint8_t { closed, connecting, open, draining };

  Lane* lane = nullptr;
  State state = State::closed;
  Socket socket;
  std::optional<Http2Session> session;
  std::vector<std::unique_ptr<Stream>> streams;
  std::vector<Stream*> pending;  // started, and not handed to a session yet
  std::string out;
  std::size_t active = 0;      // streams of the session that somebody waits for
  std::int64_t last_read = 0;  // when the server was last heard of
  ErrorType failure = ErrorType::none;
  bool dirty = false;      // in dirty_
  bool preopened = false;  // by open()
  bool used = false;       // has answered a request
};

class Http2Epoll final : public Engine, public Http2Session::Listener {
 public:
  explicit Http2Epoll(Dispatcher& dispatcher)
      : dispatcher_(dispatcher),
        requests_(dispatcher.work().plan),
        epoll_(dispatcher.work().stop),
        buffer_(read_size) {}

  Slot& add_connection(Lane& lane) override {
    connections_.push_back(std::make_unique<Connection>());
    Connection& connection = *connections_.back();
    connection.lane = &lane;
    ++lane.connections;
    for (int i = 0; i < dispatcher_.work().plan.transport.streams; ++i) {
      connection.streams.push_back(std::make_unique<Stream>());
      Stream& stream = *connection.streams.back();
      stream.lane = &lane;
      stream.connection = &connection;
      lane.cold.push_back(stream);
    }
    return *connection.streams.front();
  }

  void open(Slot& slot) override {
    Connection& connection = *static_cast<Stream&>(slot).connection;
    connection.preopened = true;
    ++opening_;
    connect(connection);
  }
  [[nodiscard]] int opening() const override { return opening_; }

  void start(Slot& slot) override {
    auto& stream = static_cast<Stream&>(slot);
    stream.busy = true;
    stream.status = 0;
    stream.retried = false;
    stream.refusals = 0;
    submit(stream);
  }

  ErrorType abandon(Slot& slot) override {
    auto& stream = static_cast<Stream&>(slot);
    Connection& connection = *stream.connection;
    stream.busy = false;
    if (std::erase(connection.pending, &stream) > 0)
      return connection.state == State::connecting ? ErrorType::connect : ErrorType::timeout;
    if (connection.session) connection.session->cancel(stream);
    --connection.active;
    // A server that was not heard of in all that time is not asked again on this connection.
    if (connection.last_read < slot.sent && connection.state == State::open)
      connection.state = State::draining;
    touch(connection);
    return ErrorType::timeout;
  }

  void poll(std::int64_t until) override {
    std::vector<Connection*> dirty;
    dirty.swap(dirty_);
    for (Connection* const connection : dirty) {
      connection->dirty = false;
      settle(*connection);
    }
    if (!dirty_.empty()) return;
    for (const epoll_event& event : epoll_.wait(dispatcher_.now(), until))
      advance(*static_cast<Connection*>(event.data.ptr));
  }

 private:
  using State = Connection::State;

  void submit(Stream& stream) {
    Connection& connection = *stream.connection;
    if (connection.state == State::open && connection.session->submit(stream, stream.job.query)) {
      ++connection.active;
    } else {
      connection.pending.push_back(&stream);
      if (connection.state == State::open) connection.state = State::draining;  // out of stream numbers
      if (connection.state == State::closed) connect(connection);
    }
    touch(connection);
  }

  void touch(Connection& connection) {
    if (connection.dirty) return;
    connection.dirty = true;
    dirty_.push_back(&connection);
  }

  void connect(Connection& connection) {
    connection.state = State::connecting;
    connection.failure = connection.socket.connect(connection.lane->address, dispatcher_.work().destination);
    if (connection.failure == ErrorType::none && !epoll_.add(connection.socket.fd(), &connection))
      connection.failure = ErrorType::too_many_open;
    touch(connection);
  }

  // What is to be done between two waits: report a failure, begin anew after a drain, write what was started.
  void settle(Connection& connection) {
    if (connection.failure != ErrorType::none) return lose(connection, connection.failure);
    if (connection.state == State::connecting) return establish(connection);
    if (connection.state == State::draining && connection.active == 0) {
      close(connection);
      if (!connection.pending.empty()) connect(connection);
      return;
    }
    if (connection.state == State::open) submit_pending(connection);
    if (connection.session) write(connection);
  }

  void submit_pending(Connection& connection) {
    if (connection.pending.empty()) [[likely]]
      return;
    std::vector<Stream*> pending;
    pending.swap(connection.pending);
    for (Stream* const stream : pending) submit(*stream);
  }

  void advance(Connection& connection) {
    if (connection.state == State::connecting) return establish(connection);
    if (connection.state == State::closed) return;
    read(connection);
    if (connection.session) write(connection);
    if (connection.state == State::draining) touch(connection);
  }

  void establish(Connection& connection) {
    const Socket::Step step = connection.socket.establish();
    if (step == Socket::Step::again) return;
    if (step == Socket::Step::failed) return lose(connection, connection.socket.failure());
    connection.session.emplace(requests_, *this);
    connection.state = State::open;
    connection.last_read = dispatcher_.now();
    opened(connection);
    for (const auto& stream : connection.streams)
      if (!stream->busy) dispatcher_.warm(*stream);
    submit_pending(connection);
    write(connection);
  }

  void opened(Connection& connection) {
    if (connection.preopened) --opening_;
    connection.preopened = false;
  }

  void write(Connection& connection) {
    for (;;) {
      if (connection.out.size() < write_size) connection.session->collect(connection.out, write_size);
      if (connection.out.empty()) {
        if (connection.active > 0 && connection.session->broken_off()) lose(connection, ErrorType::protocol);
        return;
      }
      const std::ptrdiff_t count = connection.socket.write(connection.out);
      if (count == Socket::would_block) return;
      // What the server said before it closed counts: answers, and which streams it never looked at.
      if (count < 0) {
        read(connection);
        if (connection.session) lose(connection, ErrorType::reset);
        return;
      }
      connection.out.erase(0, static_cast<std::size_t>(count));
    }
  }

  void read(Connection& connection) {
    for (;;) {
      const std::ptrdiff_t count = connection.socket.read(buffer_.data(), buffer_.size());
      if (count == Socket::would_block) return;
      if (count <= 0) return lose(connection, end_of(connection));
      connection.last_read = dispatcher_.now();
      reading_ = &connection;
      if (!connection.session->receive({buffer_.data(), static_cast<std::size_t>(count)}))
        return lose(connection, ErrorType::protocol);
    }
  }

  // A server that speaks no HTTP/2, and hangs up: its words count, not that it hung up.
  static ErrorType end_of(Connection& connection) {
    connection.session->collect(connection.out, SIZE_MAX);  // to be refused is said when it is written
    return connection.active > 0 && connection.session->broken_off() ? ErrorType::protocol : ErrorType::reset;
  }

  void closed(Http2Exchange& exchange, ErrorType error, bool refused) override {
    auto& stream = static_cast<Stream&>(exchange);
    Connection& connection = *stream.connection;
    --connection.active;
    if (refused && stream.refusals < most_refusals) {  // the server vouches that it did nothing
      ++stream.refusals;
      dispatcher_.note_retry();
      connection.pending.push_back(&stream);
      return touch(connection);
    }
    stream.busy = false;
    connection.used = true;
    const std::uint16_t status = error == ErrorType::none ? stream.status : std::uint16_t{0};
    dispatcher_.finish(stream, {.status = status, .error = error, .warm = connection.state == State::open});
  }

  // Heard while reading_ was read: new streams go elsewhere, those under way are answered still.
  void going_away() override {
    if (reading_->state != State::open) return;
    reading_->state = State::draining;
    cool(*reading_);
    touch(*reading_);
  }

  void cool(Connection& connection) {
    for (const auto& stream : connection.streams)
      if (!stream->busy) dispatcher_.cool(*stream);
  }

  void close(Connection& connection) {
    connection.session.reset();
    connection.socket.close();
    connection.out.clear();
    connection.state = State::closed;
    connection.failure = ErrorType::none;
    connection.active = 0;
    connection.used = false;
  }

  // The connection is gone, and with it all that it carried; but what was sent into one that the server had
  // closed before is asked once more, on a new one.
  void lose(Connection& connection, ErrorType error) {
    const bool stale =
        connection.used && error == ErrorType::reset && dispatcher_.work().requests.idempotent();
    opened(connection);
    connection.pending.clear();
    close(connection);
    cool(connection);
    for (const auto& stream : connection.streams) {
      if (!stream->busy) continue;
      stream->id = -1;
      if (stale && stream->status == 0 && !stream->retried) {
        stream->retried = true;
        dispatcher_.note_retry();
        connection.pending.push_back(stream.get());
        continue;
      }
      stream->busy = false;
      dispatcher_.finish(*stream, {.error = error});
    }
    if (!connection.pending.empty()) connect(connection);
  }

  Dispatcher& dispatcher_;
  const Http2Requests requests_;
  Epoll epoll_;
  std::vector<char> buffer_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<Connection*> dirty_;
  Connection* reading_ = nullptr;
  int opening_ = 0;
};

}  // namespace

std::unique_ptr<Engine> make_http2_epoll(Dispatcher& dispatcher) {
  return std::make_unique<Http2Epoll>(dispatcher);
}

}  // namespace junction::load
