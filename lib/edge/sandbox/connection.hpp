#pragma once

#include <httplib.h>

#include <array>
#include <string>

namespace junction::sandbox {

/// One accepted connection, plain or TLS, as cpp-httplib's protocol code sees it. Reads are buffered; writes
/// are gathered until the request is done, so that head and body leave in one packet.
class Connection : public httplib::Stream {
 public:
  /// Does not own `socket`. `context` null: no TLS.
  Connection(socket_t socket, SSL_CTX* context);
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// The TLS handshake; true where there is none to do.
  bool accept();

  /// Blocks until bytes of a next request are there. False: the peer closed, or somebody shut the socket
  /// down.
  bool wait_for_request();

  bool flush();

  bool is_readable() const override;

  /// Sends what was gathered, and says whether the peer is still there. cpp-httplib asks this between the
  /// parts of a streamed answer, and so a watch reaches its reader event by event.
  bool is_writable() const override;

  ssize_t read(char* into, size_t size) override;
  ssize_t write(const char* from, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return socket_; }

 private:
  ssize_t receive(char* into, size_t size);
  bool send_all(const char* from, size_t size);
  bool fill();

  socket_t socket_;
  SSL* tls_ = nullptr;
  std::array<char, 4096> in_{};
  std::size_t in_begin_ = 0, in_end_ = 0;
  std::string out_;
  bool broken_ = false;
};

}  // namespace junction::sandbox
