#pragma once

#include "edge/load/http1_engine.hpp"
#include "tests/edge/load/virtual_run.hpp"

namespace junction::load {

/// HTTP/1.1 without a network: a test says what becomes of each attempt to connect, and what the server does
/// with each request it reads.
class VirtualHttp1 final : public Http1Engine {
 public:
  static constexpr std::int64_t never = INT64_MAX;

  /// One attempt to connect: fails at once, or ends after a while, with an error or none.
  struct Attempt {
    std::int64_t after = 10 * us;
    ErrorType error = ErrorType::none;
    bool at_once = false;
  };
  struct Connection : Http1Connection {
    int index = 0;
    int requests = 0;  ///< read on the socket that is open now
    int generation = 0;
  };
  struct Sent {
    int connection;
    std::string text;
    std::int64_t at;
  };
  struct Closed {
    int connection;
    bool reset;
    std::int64_t at;
  };

  explicit VirtualHttp1(VirtualRun& run) : Http1Engine(run.dispatcher()), run_(run) {
    dispatcher().use(*this);
  }

  std::function<Attempt(int nth)> attempt = [](int) { return Attempt{}; };  ///< from 0
  std::function<void(Connection&)> serve = [this](Connection& connection) { say(connection, ok); };
  std::size_t takes = SIZE_MAX;  ///< bytes of a request that the network takes

  int attempts = 0;
  std::vector<Sent> sent;
  std::vector<Closed> closed;
  std::vector<std::unique_ptr<Connection>> connections;

  static constexpr std::string_view ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  // What the server of `serve` may do. All of it is void where the socket was closed meanwhile.
  void say(Connection& connection, std::string_view bytes, std::int64_t after = 100 * us,
           bool hangs_up = false) {
    later(connection, after, [=, this, text = std::string(bytes), &connection] {
      wants_more = received(connection, text, hangs_up);
    });
  }
  void end(Connection& connection, std::int64_t after = 100 * us, bool in_order = true) {
    later(connection, after, [=, this, &connection] { ended(connection, in_order); });
  }
  bool wants_more = false;  ///< what the engine said to the last bytes

  Slot& add_connection(Lane& lane) override {
    connections.push_back(std::make_unique<Connection>());
    connections.back()->index = static_cast<int>(connections.size()) - 1;
    add(*connections.back(), lane);
    return *connections.back();
  }

  void poll(std::int64_t until) override {
    if (!settle()) run_.agenda.wait(until);
  }

 private:
  ErrorType connect(Http1Connection& base) override {
    auto& connection = static_cast<Connection&>(base);
    const Attempt how = attempt(attempts++);
    if (how.at_once) return how.error;
    if (how.after == never) return ErrorType::none;
    later(connection, how.after, [this, &connection, how] {
      if (how.error != ErrorType::none) return connect_failed(connection, how.error);
      connected(connection);
    });
    return ErrorType::none;
  }

  void send(Http1Connection& base) override {
    auto& connection = static_cast<Connection&>(base);
    const std::string_view part = connection.unsent.substr(0, takes);
    sent.push_back({connection.index, std::string(part), run_.clock.time});
    connection.unsent.remove_prefix(part.size());
    ++connection.requests;
    serve(connection);
  }

  void disconnect(Http1Connection& base, bool reset) override {
    auto& connection = static_cast<Connection&>(base);
    ++connection.generation;
    connection.requests = 0;
    closed.push_back({connection.index, reset, run_.clock.time});
  }

  template <typename What>
  void later(Connection& connection, std::int64_t after, What what) {
    run_.agenda.at(run_.clock.time + after, [&connection, generation = connection.generation, what] {
      if (connection.generation == generation) what();
    });
  }

  VirtualRun& run_;
};

}  // namespace junction::load
