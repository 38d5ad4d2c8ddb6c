#pragma once

#include <memory>

#include "edge/sandbox/connection_registry.hpp"
#include "edge/sandbox/conversation.hpp"
#include "edge/sandbox/pki.hpp"
#include "junction/endpoint.hpp"
#include "junction/result.hpp"

namespace junction::sandbox {

/// An HTTP/1.1 server on one IPv4 address. Nothing that a client does, sends or leaves undone ends it: heads
/// and bodies are bounded in bytes and time, connections in number, and where the system has no descriptor or
/// thread to give, somebody who waits makes room.
///
/// Its protocol code is its own: cpp-httplib (0.11.4, in Debian 12) reads lines without a bound, reads a body
/// before anybody has looked at who sends it, takes the body of a GET for the next request, and stops
/// listening when accept() fails once.
class HttpServer {
 public:
  /// Listens when it returns. Port 0: any free one. `pki` null: plain HTTP. Fails where the address is taken.
  static Result<std::unique_ptr<HttpServer>> start(const SocketAddress& address, HttpService service,
                                                   ConnectionRegistry& connections, const Pki* pki = nullptr);
  ~HttpServer();  ///< stops

  [[nodiscard]] const SocketAddress& address() const;

  /// Asks clients to leave: answers from now on say "Connection: close".
  void drain();
  /// Ends requests under way, closes every connection.
  void stop();

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace junction::sandbox
