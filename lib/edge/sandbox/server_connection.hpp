#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace junction::sandbox {

/// One accepted connection, plain or TLS: reads are buffered and end at a deadline, however slowly bytes drip
/// in; writes are gathered until flush(), so that head and body leave in one packet. Not thread safe; another
/// thread may shut the socket down, which ends every wait.
class ServerConnection {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  /// Does not own `socket`, which must not block. `context` null: no TLS. `write_patience`: how long a peer
  /// may take no byte of what is written.
  ServerConnection(int socket, SSL_CTX* context, std::chrono::milliseconds write_patience);
  ~ServerConnection();
  ServerConnection(const ServerConnection&) = delete;
  ServerConnection& operator=(const ServerConnection&) = delete;

  enum class Opened { ready, failed, plain_http };
  /// The TLS handshake, where there is one to do. `plain_http`: the peer speaks HTTP without TLS; what is
  /// written from now on goes out as it is.
  Opened open(Deadline deadline);

  /// What has been read and not yet been taken.
  [[nodiscard]] std::string_view buffered() const { return std::string_view(in_).substr(in_begin_); }
  void take(std::size_t bytes);

  /// Reads more into the buffer. False: the peer is gone, or the deadline has passed (see timed_out()).
  bool fill(Deadline deadline);
  [[nodiscard]] bool timed_out() const { return timed_out_; }

  bool write(std::string_view bytes);
  bool flush();

  /// Whether the peer is still there to read.
  [[nodiscard]] bool peer_is_there() const;
  /// Says that nothing more will come, and reads on for a moment: a peer that is still sending would else be
  /// told of the broken connection before it has read our last words.
  void linger();

  [[nodiscard]] std::string peer() const;  ///< "127.0.0.1:43121"

 private:
  struct FreeTls {
    void operator()(SSL* tls) const { SSL_free(tls); }
  };
  enum class Wanted { nothing, to_read, to_write };

  bool wait(Wanted wanted, Deadline deadline);
  [[nodiscard]] Wanted wanted_by_tls(int result) const;
  bool receive(char* into, std::size_t size, Deadline deadline, std::size_t& got);
  bool send(std::string_view bytes);

  int socket_;
  std::unique_ptr<SSL, FreeTls> tls_;
  std::chrono::milliseconds write_patience_;
  std::string in_, out_;
  std::size_t in_begin_ = 0;
  bool broken_ = false, timed_out_ = false;
};

}  // namespace junction::sandbox
