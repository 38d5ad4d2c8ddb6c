#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace junction {

/// Reads one HTTP/1.1 response at a time out of a byte stream, in whatever pieces it comes (RFC 9112). Only
/// what framing needs is kept: the status, where the response ends, and whether the connection may carry
/// another one.
///
///   Http1Response response;
///   response.start(false);
///   std::size_t used = response.feed(bytes);   // stops after the response's last byte
///   if (response.complete()) use(response.status());
///
/// Interim (1xx) responses are read past; 101 and anything else that leaves the framing in doubt fail, as
/// soon as the bytes are there. A bare LF ends a line (2.2), and a line that begins with a blank goes on with
/// the field before it (5.2). Allocates only when a line comes in several pieces.
class Http1Response {
 public:
  static constexpr std::size_t max_line = 64 * 1024;    ///< of the status line, a field or a chunk size
  static constexpr std::size_t max_head = 1024 * 1024;  ///< of all lines of one response together

  /// The last head that came in one piece, and what it led to. A server answers most requests with the same
  /// head, byte for byte, and comparing costs a tenth of reading. One memo serves all the responses of a
  /// thread.
  class Memo;

  /// Forgets the last response. One that answers HEAD has no body, whatever its fields say.
  void start(bool head_request);

  /// Takes the next bytes of the stream; returns how many belong to this response (all, unless it is complete
  /// or failed before their end). The result is the same with a memo and without.
  std::size_t feed(std::string_view bytes) { return feed(bytes, nullptr); }
  std::size_t feed(std::string_view bytes, Memo& memo) { return feed(bytes, &memo); }

  /// The peer closed: that completes a response without a stated length, and fails any other that is under
  /// way.
  void end_of_stream();

  [[nodiscard]] bool complete() const { return state_ == State::complete; }
  [[nodiscard]] bool failed() const { return state_ == State::failed; }
  /// Why it failed, in words for a log; null unless failed().
  [[nodiscard]] const char* failure() const { return failure_; }
  /// True once a byte of the response arrived.
  [[nodiscard]] bool started() const { return state_ != State::status_line || !line_.empty() || interim_; }
  /// The final status, 100 to 999; meaningful when complete().
  [[nodiscard]] std::uint16_t status() const { return status_; }
  /// After complete(): the connection may carry another request.
  [[nodiscard]] bool keep_alive() const { return keep_alive_; }

 private:
  enum class State : std::uint8_t {
    status_line,
    field,
    body,
    body_until_close,
    chunk_size,
    chunk,
    chunk_end,
    trailer,
    complete,
    failed,
  };

  std::size_t feed(std::string_view bytes, Memo* memo);
  const char* take_body(const char* at, std::size_t left);
  const char* take_bytes_of_line(const char* at, std::size_t left);
  const char* take_kept_line(const char* at);
  [[nodiscard]] bool recall(std::string_view bytes, const Memo& memo);
  void remember(std::string_view head, Memo& memo) const;
  void take_line(std::string_view line);
  void take_status_line(std::string_view line);
  void take_field(std::string_view line);
  void take_known_field(std::string_view name, std::string_view value);
  void take_content_length(std::string_view value);
  void take_transfer_encoding(std::string_view value);
  void take_connection(std::string_view value);
  void take_chunk_size(std::string_view line);
  void head_done();
  void fail(const char* why);

  State state_ = State::status_line;
  bool head_request_ = false;
  bool interim_ = false;
  bool http_1_0_ = false;
  bool keep_alive_ = true;
  bool has_length_ = false;
  bool has_transfer_encoding_ = false;
  bool chunked_ = false;
  std::uint16_t status_ = 0;
  std::uint32_t head_bytes_ = 0;
  std::uint64_t remaining_ = 0;  // of the body or chunk
  const char* failure_ = nullptr;
  std::string line_;       // the begin of a line whose end has not arrived
  bool may_fold_ = false;  // line_ is whole, unless the next byte is a blank
};

class Http1Response::Memo {
  friend Http1Response;

  std::string head_;  // empty: none yet
  bool head_request_ = false;
  bool keep_alive_ = true;
  State state_ = State::status_line;
  std::uint16_t status_ = 0;
  std::uint64_t remaining_ = 0;
};

}  // namespace junction
