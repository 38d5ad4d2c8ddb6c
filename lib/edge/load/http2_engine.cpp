#include "edge/load/http2_engine.hpp"

namespace junction::load {
namespace {

// Of one request; a server may refuse many at once before its SETTINGS are known.
constexpr int most_refusals = 5;

}  // namespace

void Http2Engine::add(Http2Connection& connection, Lane& lane) {
  connection.lane = &lane;
  ++lane.connections;
  for (int i = 0; i < dispatcher_.work().plan.transport.streams; ++i) {
    connection.streams.push_back(std::make_unique<Http2Stream>());
    Http2Stream& stream = *connection.streams.back();
    stream.lane = &lane;
    stream.connection = &connection;
    lane.cold.push_back(stream);
  }
}

void Http2Engine::open(Slot& slot) {
  Http2Connection& connection = *static_cast<Http2Stream&>(slot).connection;
  connection.preopened = true;
  ++opening_;
  connect(connection);
}

void Http2Engine::start(Slot& slot) {
  auto& stream = static_cast<Http2Stream&>(slot);
  stream.busy = true;
  stream.retried = false;
  stream.refusals = 0;
  submit(stream);
}

ErrorType Http2Engine::abandon(Slot& slot) {
  auto& stream = static_cast<Http2Stream&>(slot);
  Http2Connection& connection = *stream.connection;
  stream.busy = false;
  if (std::erase(connection.pending, &stream) > 0)
    return connection.state == State::connecting ? ErrorType::connect : ErrorType::timeout;
  if (connection.session) connection.session->cancel(stream);
  --connection.active;
  // A server that was not heard of in all that time is not asked again on this connection.
  if (connection.last_read < slot.sent && connection.state == State::open) connection.state = State::draining;
  touch(connection);
  return ErrorType::timeout;
}

void Http2Engine::touch(Http2Connection& connection) {
  if (connection.touched) return;
  connection.touched = true;
  queue(connection);
}

void Http2Engine::submit(Http2Stream& stream) {
  Http2Connection& connection = *stream.connection;
  if (connection.state == State::open && connection.session->submit(stream, stream.job.query)) {
    ++connection.active;
  } else {
    stream.status = 0;
    connection.pending.push_back(&stream);
    if (connection.state == State::open) connection.state = State::draining;  // out of stream numbers
    if (connection.state == State::closed) connect(connection);
  }
  touch(connection);
}

void Http2Engine::submit_pending(Http2Connection& connection) {
  if (connection.pending.empty()) [[likely]]
    return;
  std::vector<Http2Stream*> pending;
  pending.swap(connection.pending);
  for (Http2Stream* const stream : pending) submit(*stream);
}

void Http2Engine::connect(Http2Connection& connection) {
  connection.state = State::connecting;
  connection.failure = connect_socket(connection);
  touch(connection);
}

void Http2Engine::connected(Http2Connection& connection) {
  connection.session.emplace(requests_, *this);
  connection.state = State::open;
  connection.last_read = dispatcher_.now();
  opened(connection);
  for (const auto& stream : connection.streams)
    if (!stream->busy) dispatcher_.warm(*stream);
  submit_pending(connection);
}

void Http2Engine::opened(Http2Connection& connection) {
  if (connection.preopened) --opening_;
  connection.preopened = false;
}

bool Http2Engine::renew(Http2Connection& connection) {
  if (connection.state != State::draining || connection.active > 0) return false;
  close(connection);
  if (!connection.pending.empty()) connect(connection);
  return true;
}

bool Http2Engine::received(Http2Connection& connection, std::string_view bytes) {
  connection.last_read = dispatcher_.now();
  reading_ = &connection;
  return connection.session->receive(bytes);
}

void Http2Engine::closed(Http2Exchange& exchange, ErrorType error, bool refused) {
  auto& stream = static_cast<Http2Stream&>(exchange);
  Http2Connection& connection = *stream.connection;
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
void Http2Engine::going_away() {
  if (reading_->state != State::open) return;
  reading_->state = State::draining;
  cool(*reading_);
  touch(*reading_);
}

void Http2Engine::cool(Http2Connection& connection) {
  for (const auto& stream : connection.streams)
    if (!stream->busy) dispatcher_.cool(*stream);
}

void Http2Engine::close(Http2Connection& connection) {
  connection.session.reset();
  disconnect(connection);
  connection.state = State::closed;
  connection.failure = ErrorType::none;
  connection.active = 0;
  connection.used = false;
}

void Http2Engine::lose(Http2Connection& connection, ErrorType error) {
  const bool stale = connection.used && error == ErrorType::reset && dispatcher_.work().requests.idempotent();
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

}  // namespace junction::load
