#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "edge/load/destination.hpp"
#include "edge/load/tls.hpp"
#include "junction/outcome.hpp"

namespace junction::load {

/// A TCP connection that never blocks, with TLS on it where the destination asks for that. The bytes go
/// straight to the socket or to OpenSSL; libcurl has no part in it.
class Socket {
 public:
  enum class Step : std::uint8_t {
    done,
    again,  ///< when the network has told of something
    more,   ///< without that: there is more to do than one call does
    failed,
  };

  /// What read() and write() return instead of a count.
  static constexpr std::ptrdiff_t would_block = -1;
  static constexpr std::ptrdiff_t broken = -2;
  static constexpr std::ptrdiff_t more = -3;  ///< bytes came, and none for the caller: there may be others

  Socket() = default;
  ~Socket() { close(); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  [[nodiscard]] bool is_open() const { return wire_.fd >= 0; }
  [[nodiscard]] int fd() const { return wire_.fd; }
  [[nodiscard]] bool has_tls() const { return tls_ != nullptr; }

  /// Begins to connect. An error is final; none means connected or under way: see establish().
  [[nodiscard]] ErrorType connect(const Address& address, const Destination& destination);

  /// Goes on with the handshakes of TCP, of the proxy's tunnel and of TLS. After failed, failure() is the
  /// kind of error.
  [[nodiscard]] Step establish();
  [[nodiscard]] ErrorType failure() const { return failure_; }

  /// Bytes read; 0 at the end of the stream; would_block; more; broken.
  [[nodiscard]] std::ptrdiff_t read(char* buffer, std::size_t size);
  [[nodiscard]] std::ptrdiff_t write(std::string_view bytes);

  void close();
  /// Closes with a reset, so that the port is free again at once. For a connection whose exchange is
  /// complete.
  void close_abruptly();

 private:
  enum class Stage : std::uint8_t { connecting, tunnel, handshake, ready };

  [[nodiscard]] Step tcp_step();
  [[nodiscard]] Step tunnel_step();
  [[nodiscard]] Step read_tunnel_answer();
  [[nodiscard]] Step tls_step();
  [[nodiscard]] Step fail(ErrorType error);
  [[nodiscard]] Stage after_tunnel() const { return tls_ ? Stage::handshake : Stage::ready; }
  [[nodiscard]] std::ptrdiff_t tls_result(int result);

  TlsWire wire_;  // its descriptor also where there is no TLS
  Stage stage_ = Stage::connecting;
  ErrorType failure_ = ErrorType::none;
  Tls tls_;
  std::string_view tunnel_;    // what is still to be told to the proxy
  std::string tunnel_answer_;  // so far, and no more than its head
};

}  // namespace junction::load
