#include "edge/load/http2_session.hpp"

#include <algorithm>
#include <cstring>

namespace junction::load {
namespace {

// Of all fields between two streams that end, each with RFC 9113's 32 bytes beside (6.5.2). HPACK says four
// thousand bytes in one, and nghttp2 looks at every one of them.
constexpr std::size_t max_heads = 4 * 1024 * 1024;

constexpr std::int32_t window = 1 << 30;  // responses are thrown away: no reason to hold the server back

nghttp2_nv field(std::string_view name, std::string_view value) {
  const auto bytes = [](std::string_view text) {
    return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(text.data()));
  };
  return {bytes(name), bytes(value), name.size(), value.size(),
          NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE};
}

// RFC 9113, 8.2.2: these belong to an HTTP/1.1 connection.
bool is_connection_field(std::string_view name) {
  return name == "connection" || name == "keep-alive" || name == "transfer-encoding" || name == "upgrade" ||
         name == "proxy-connection";
}

Http2Exchange* exchange_of(nghttp2_session* session, std::int32_t id) {
  return static_cast<Http2Exchange*>(nghttp2_session_get_stream_user_data(session, id));
}

}  // namespace

Http2Requests::Http2Requests(const Plan& plan) : fields_(all_headers(plan)), body_(plan.body) {
  std::string authority = plan.url.authority();
  for (const auto& [name, value] : fields_)
    if (name == "host") authority = value;
  std::erase_if(fields_,
                [](const auto& pair) { return pair.first == "host" || is_connection_field(pair.first); });
  fields_.insert(fields_.begin(),
                 {{":method", plan.method}, {":scheme", plan.url.scheme}, {":authority", authority}});
  targets_.reserve(plan.queries.size());
  lists_.reserve(plan.queries.size());
  for (const Query& query : plan.queries) {
    targets_.push_back(query.target);
    std::vector<nghttp2_nv> list;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      list.push_back(field(fields_[i].first, fields_[i].second));
      if (i == 2) list.push_back(field(":path", targets_.back()));
    }
    lists_.push_back(std::move(list));
  }
}

nghttp2_session* Http2Session::make(Http2Session* self) {
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_session_callbacks_new(&callbacks);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
  nghttp2_session* session = nullptr;
  nghttp2_session_client_new(&session, callbacks, self);
  nghttp2_session_callbacks_del(callbacks);
  return session;
}

Http2Session::Http2Session(const Http2Requests& requests, Listener& listener)
    : requests_(requests), listener_(listener), session_(make(this)) {
  const nghttp2_settings_entry settings[] = {{NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
                                             {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, window}};
  nghttp2_submit_settings(session_.get(), NGHTTP2_FLAG_NONE, settings, std::size(settings));
  nghttp2_session_set_local_window_size(session_.get(), NGHTTP2_FLAG_NONE, 0, window);
}

bool Http2Session::submit(Http2Exchange& exchange, std::uint32_t query) {
  const std::vector<nghttp2_nv>& headers = requests_.headers(query);
  nghttp2_data_provider provider{{.ptr = &exchange}, read_body};
  exchange.status = 0;
  exchange.ended = false;
  exchange.body_sent = 0;
  exchange.id = nghttp2_submit_request(session_.get(), nullptr, headers.data(), headers.size(),
                                       requests_.body().empty() ? nullptr : &provider, &exchange);
  return exchange.id >= 0;
}

void Http2Session::cancel(Http2Exchange& exchange) {
  if (exchange.id < 0) return;
  nghttp2_session_set_stream_user_data(session_.get(), exchange.id, nullptr);
  nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, exchange.id, NGHTTP2_CANCEL);
  exchange.id = -1;
}

bool Http2Session::receive(std::string_view bytes) {
  return nghttp2_session_mem_recv(session_.get(), reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                  bytes.size()) >= 0;
}

void Http2Session::collect(std::string& out, std::size_t limit) {
  while (out.size() < limit) {
    const std::uint8_t* bytes = nullptr;
    const ssize_t count = nghttp2_session_mem_send(session_.get(), &bytes);
    if (count <= 0) return;
    out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(count));
  }
}

int Http2Session::on_header(nghttp2_session* session, const nghttp2_frame* frame, const std::uint8_t* name,
                            std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                            std::uint8_t, void* self) {
  std::size_t& head_bytes = static_cast<Http2Session*>(self)->head_bytes_;
  head_bytes += name_size + value_size + 32;
  if (head_bytes > max_heads) return NGHTTP2_ERR_CALLBACK_FAILURE;
  if (name_size != 7 || std::memcmp(name, ":status", 7) != 0 || value_size != 3) return 0;
  if (Http2Exchange* const exchange = exchange_of(session, frame->hd.stream_id))
    exchange->status =
        static_cast<std::uint16_t>((value[0] - '0') * 100 + (value[1] - '0') * 10 + (value[2] - '0'));
  return 0;
}

int Http2Session::on_frame(nghttp2_session* session, const nghttp2_frame* frame, void* self) {
  if (frame->hd.type == NGHTTP2_GOAWAY) static_cast<Http2Session*>(self)->listener_.going_away();
  const bool may_end = frame->hd.type == NGHTTP2_DATA || frame->hd.type == NGHTTP2_HEADERS;
  if (may_end && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0)
    if (Http2Exchange* const exchange = exchange_of(session, frame->hd.stream_id)) exchange->ended = true;
  return 0;
}

int Http2Session::on_close(nghttp2_session* session, std::int32_t id, std::uint32_t code, void* self) {
  static_cast<Http2Session*>(self)->head_bytes_ = 0;
  Http2Exchange* const exchange = exchange_of(session, id);
  if (!exchange) return 0;
  exchange->id = -1;
  // RFC 9113, 8.1: a stream may also be reset without an error, after a whole answer or before one.
  const bool answered = code == NGHTTP2_NO_ERROR && exchange->ended && exchange->status >= 200;
  const ErrorType error = answered                         ? ErrorType::none
                          : code == NGHTTP2_PROTOCOL_ERROR ? ErrorType::protocol
                                                           : ErrorType::reset;
  static_cast<Http2Session*>(self)->listener_.closed(*exchange, error, code == NGHTTP2_REFUSED_STREAM);
  return 0;
}

ssize_t Http2Session::read_body(nghttp2_session*, std::int32_t, std::uint8_t* buffer, std::size_t size,
                                std::uint32_t* flags, nghttp2_data_source* source, void* self) {
  auto& exchange = *static_cast<Http2Exchange*>(source->ptr);
  const std::string& body = static_cast<Http2Session*>(self)->requests_.body();
  const std::size_t part = std::min(size, body.size() - exchange.body_sent);
  std::memcpy(buffer, body.data() + exchange.body_sent, part);
  exchange.body_sent += part;
  if (exchange.body_sent == body.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
  return static_cast<ssize_t>(part);
}

}  // namespace junction::load
