#include "edge/load/http1_engine.hpp"

namespace junction::load {

Http1Engine::Http1Engine(Dispatcher& dispatcher)
    : dispatcher_(dispatcher),
      requests_(dispatcher.work().requests),
      keep_alive_(dispatcher.work().plan.transport.keep_alive) {}

void Http1Engine::add(Http1Connection& connection, Lane& lane) {
  connection.lane = &lane;
  ++lane.connections;
  lane.cold.push_back(connection);
}

void Http1Engine::open(Slot& slot) {
  auto& connection = static_cast<Http1Connection&>(slot);
  connection.state = State::opening;
  ++opening_;
  if (connect(connection) != ErrorType::none) not_opened(connection);
}

void Http1Engine::start(Slot& slot) {
  auto& connection = static_cast<Http1Connection&>(slot);
  connection.retried = false;
  connection.unsent = requests_.http1(slot.job.query);
  connection.response.start(requests_.head());
  if (connection.state == State::idle) {
    connection.state = State::exchanging;
    return send(connection);
  }
  const bool opening = connection.state == State::opening;
  connection.state = State::connecting;
  if (opening) {
    --opening_;
    return;
  }
  connection.used = false;
  connection.failure = connect(connection);
  if (connection.failure != ErrorType::none) failed_.push_back(&connection);
}

bool Http1Engine::settle() {
  if (failed_.empty()) [[likely]]
    return false;
  std::vector<Http1Connection*> failed;
  failed.swap(failed_);
  for (Http1Connection* const connection : failed) fail(*connection, connection->failure);
  return true;
}

ErrorType Http1Engine::abandon(Slot& slot) {
  auto& connection = static_cast<Http1Connection&>(slot);
  const bool was_connected = connection.state != State::connecting;
  close(connection, false);
  return was_connected ? ErrorType::timeout : ErrorType::connect;
}

void Http1Engine::connected(Http1Connection& connection) {
  if (connection.state == State::connecting) {
    connection.state = State::exchanging;
    return send(connection);
  }
  --opening_;
  connection.state = State::idle;
  dispatcher_.warm(connection);
}

void Http1Engine::connect_failed(Http1Connection& connection, ErrorType error) {
  connection.state == State::connecting ? fail(connection, error) : not_opened(connection);
}

// The request that needs it will try again, and then it matters why.
void Http1Engine::not_opened(Http1Connection& connection) {
  --opening_;
  close(connection, false);
}

bool Http1Engine::received(Http1Connection& connection, std::string_view bytes, bool hung_up) {
  if (connection.state != State::exchanging) {  // nobody asked: noise, or a notice before the server closes
    close(connection, false);
    dispatcher_.cool(connection);
    return false;
  }
  const std::size_t used = connection.response.feed(bytes, last_head_);
  if (connection.response.complete()) [[likely]] {
    complete(connection, used == bytes.size() && !hung_up && connection.unsent.empty() &&
                             connection.response.keep_alive());
    return false;
  }
  if (!connection.response.failed()) return true;
  fail(connection, ErrorType::protocol);
  return false;
}

void Http1Engine::complete(Http1Connection& connection, bool keep) {
  keep = keep && keep_alive_;
  const std::uint16_t status = connection.response.status();
  if (keep) [[likely]] {
    connection.used = true;
    connection.state = State::idle;
  } else {
    close(connection, true);
  }
  dispatcher_.finish(connection, {.status = status, .warm = keep});
}

void Http1Engine::ended(Http1Connection& connection, bool in_order) {
  if (connection.state == State::idle) {
    close(connection, false);
    return dispatcher_.cool(connection);
  }
  const bool answering = connection.response.started();
  if (in_order && answering) {
    connection.response.end_of_stream();
    if (connection.response.complete()) return complete(connection, connection.response.keep_alive());
  }
  if (answering || !connection.used || connection.retried || !requests_.idempotent())
    return fail(connection, ErrorType::reset);
  // The server had closed it before the request came. Ask once more, on a new connection.
  disconnect(connection, false);
  connection.retried = true;
  dispatcher_.note_retry();
  connection.unsent = requests_.http1(connection.job.query);
  connection.state = State::connecting;
  if (const ErrorType error = connect(connection); error != ErrorType::none) fail(connection, error);
}

void Http1Engine::fail(Http1Connection& connection, ErrorType error) {
  close(connection, false);
  dispatcher_.finish(connection, {.error = error});
}

void Http1Engine::close(Http1Connection& connection, bool reset) {
  disconnect(connection, reset);
  connection.state = State::closed;
}

}  // namespace junction::load
