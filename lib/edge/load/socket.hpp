#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "edge/load/destination.hpp"
#include "junction/outcome.hpp"

using SSL = struct ssl_st;

namespace junction::load {

/// A TCP connection that never blocks, with TLS on it where the destination asks for that. The bytes go
/// straight to the socket or to OpenSSL; libcurl has no part in it.
class Socket {
 public:
  enum class Step : std::uint8_t { done, again, failed };

  /// What read() and write() return instead of a count.
  static constexpr std::ptrdiff_t would_block = -1;
  static constexpr std::ptrdiff_t broken = -2;

  Socket() = default;
  ~Socket() { close(); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  [[nodiscard]] int fd() const { return fd_; }

  /// Begins to connect. An error is final; none means connected or under way: see establish().
  [[nodiscard]] ErrorType connect(const Address& address, const Destination& destination);

  /// Goes on with the handshakes of TCP, of the proxy's tunnel and of TLS. After failed, failure() is the
  /// kind of error.
  [[nodiscard]] Step establish();
  [[nodiscard]] ErrorType failure() const { return failure_; }

  /// Bytes read; 0 at the end of the stream; would_block; broken.
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
  [[nodiscard]] Step tls_step();
  [[nodiscard]] Step fail(ErrorType error);
  [[nodiscard]] Stage after_tunnel() const { return ssl_ ? Stage::handshake : Stage::ready; }
  [[nodiscard]] std::ptrdiff_t tls_result(int result);

  int fd_ = -1;
  Stage stage_ = Stage::connecting;
  ErrorType failure_ = ErrorType::none;
  SSL* ssl_ = nullptr;
  std::string_view tunnel_;  // what is still to be told to the proxy
};

}  // namespace junction::load
