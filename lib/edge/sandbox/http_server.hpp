#pragma once

#include <httplib.h>

#include <functional>
#include <memory>
#include <string>

#include "edge/sandbox/pki.hpp"
#include "junction/endpoint.hpp"
#include "junction/result.hpp"

namespace junction::sandbox {

/// An HTTP/1.1 server on one IPv4 address: cpp-httplib's protocol code over connections of our own, which
/// wait without polling, can be shut down at once, and number as many as there are clients (a thread each).
class HttpServer {
 public:
  /// Called from many threads at a time.
  using Handler = std::function<void(const httplib::Request&, httplib::Response&)>;

  /// Listens when it returns. Port 0: any free one. `pki` null: plain HTTP. Fails where the address is taken.
  static Result<std::unique_ptr<HttpServer>> start(const SocketAddress& address, Handler handler,
                                                   const Pki* pki = nullptr);
  ~HttpServer();  ///< stops

  [[nodiscard]] const SocketAddress& address() const;

  /// Asks clients to leave: answers from now on say "Connection: close".
  void drain();
  /// Ends requests under way, closes every connection, joins every thread.
  void stop();
  /// False once stop() has begun: streamed answers end themselves then.
  [[nodiscard]] bool running() const;

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace junction::sandbox
