#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace junction::test {

/// What a server sends that never ends and never waits: `begin` once, and then `again` for as long as the
/// client takes it. Over HTTP/2 it answers stream 1.
struct Flood {
  std::string name;
  bool http2;
  std::string begin, again;
};

namespace floods_detail {

inline std::string repeated(std::string_view unit, std::size_t size = 128 * 1024) {
  std::string text;
  while (text.size() < size) text += unit;
  return text;
}

enum FrameType : std::uint8_t {
  data,
  headers,
  priority,
  rst_stream,
  settings,
  push_promise,
  ping,
  goaway,
  window_update,
  continuation,
  unknown = 0xee,
};
constexpr std::uint8_t ack = 1, end_headers = 4;

inline std::string frame(FrameType type, std::uint8_t flags, std::uint8_t stream,
                         std::string_view payload = {}) {
  std::string text;
  for (const std::size_t byte : {payload.size() >> 16, payload.size() >> 8, payload.size()})
    text += static_cast<char>(byte & 0xff);
  text += static_cast<char>(type);
  text += static_cast<char>(flags);
  text += std::string(3, '\0') + static_cast<char>(stream);
  return text.append(payload);
}

/// HPACK at its dearest: a field of 4,000 bytes that one byte repeats.
inline std::string bomb() {
  const std::string status =
      "\x08\x03"
      "103";
  std::string field = "\x40\x01x\x7f\xa1\x1e";  // a new name, and a value of 127 + 33 + 30 * 128 bytes
  field += std::string(4'000, 'v');
  const std::string begin = frame(headers, end_headers, 1, status + field);
  return begin + repeated(frame(headers, end_headers, 1, status + std::string(16'000, '\xbe')));
}

}  // namespace floods_detail

inline std::vector<Flood> floods() {
  using namespace floods_detail;
  const std::string ok = "HTTP/1.1 200 OK\r\n", chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
  const std::string hello = frame(settings, 0, 0), answer = hello + frame(headers, end_headers, 1, "\x88");
  const std::string status_103 =
      "\x08\x03"
      "103";
  const std::string four("\0\0\0\1", 4), five("\0\0\0\0\x10", 5), eight("\0\0\0\1\0\0\0\0", 8);
  return {
      {"chunks", false, chunked, repeated("1\r\na\r\n")},
      {"interim answers", false, "", repeated("HTTP/1.1 100 C\r\n\r\n")},
      {"whole answers", false, "", repeated("HTTP/1.1 204 N\r\n\r\n")},
      {"field lines", false, ok, repeated("X: y\r\n")},
      {"folded lines", false, ok + "X: a\r\n", repeated(" b\r\n")},
      {"a line", false, ok + "X: ", repeated("a")},
      {"a body", false, ok + "\r\n", repeated("a")},
      {"a chunk's extension", false, chunked + "1;", repeated("a")},
      {"trailers", false, chunked + "0\r\n", repeated("X: y\r\n")},
      {"no HTTP", false, "", repeated("x")},

      {"h2 interim answers", true, hello, repeated(frame(headers, end_headers, 1, status_103))},
      {"h2 empty DATA", true, answer, repeated(frame(data, 0, 1))},
      {"h2 DATA", true, answer, repeated(frame(data, 0, 1, std::string(16'000, 'a')))},
      {"h2 WINDOW_UPDATE", true, hello, repeated(frame(window_update, 0, 0, four))},
      {"h2 RST_STREAM", true, hello, repeated(frame(rst_stream, 0, 1, four))},
      {"h2 PING", true, hello, repeated(frame(ping, 0, 0, eight))},
      {"h2 PING ACK", true, hello, repeated(frame(ping, ack, 0, eight))},
      {"h2 PRIORITY", true, hello, repeated(frame(priority, 0, 1, five))},
      {"h2 SETTINGS", true, hello, repeated(frame(settings, 0, 0))},
      {"h2 GOAWAY", true, hello, repeated(frame(goaway, 0, 0, std::string("\x7f\xff\xff\xff\0\0\0\0", 8)))},
      {"h2 unknown frames", true, hello, repeated(frame(unknown, 0xff, 1, "?"))},
      {"h2 CONTINUATION", true, hello + frame(headers, 0, 1, "\x88"),
       repeated(frame(continuation, 0, 1, "\x0f\x01\x01x"))},
      {"h2 header bomb", true, hello, bomb()},
  };
}

}  // namespace junction::test
