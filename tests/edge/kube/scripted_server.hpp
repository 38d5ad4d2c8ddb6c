#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

typedef struct ssl_st SSL;
typedef struct ssl_ctx_st SSL_CTX;

namespace junction::test {

struct SeenRequest {
  std::string line;  ///< "GET /path HTTP/1.1"
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  int connection = 0;  ///< counts connections from 0
  std::string client;  ///< the name in the client's certificate; empty: it showed none

  [[nodiscard]] std::string method() const { return line.substr(0, line.find(' ')); }
  [[nodiscard]] std::string target() const;
  [[nodiscard]] std::string header(std::string_view name) const;  ///< empty: none
};

/// What goes back over the wire, byte for byte.
struct Reply {
  std::vector<std::string> pieces;  ///< written one by one, `pause` apart
  std::chrono::milliseconds pause{0};
  bool close = false;  ///< drop the connection afterwards
  /// After the pieces: called for piece after piece until it returns false. May block; must return soon after
  /// the server's stopping() turns true.
  std::function<bool(std::string& piece)> more{};
};

/// An answer with Content-Length.
Reply answer(int status, std::string_view body, std::string_view content_type = "application/json",
             std::string_view more_headers = "");
/// The head of a chunked answer, a chunk, and the last one.
std::string chunked_head();
std::string chunk(std::string_view data);

/// A certificate with its key, PEM.
struct Certificate {
  std::string certificate;
  std::string key;
};

/// A throw-away CA; leaves are valid from `begin` to `end` seconds from now for one DNS name or IP address.
class Authority {
 public:
  Authority();
  [[nodiscard]] const std::string& certificate() const { return own_.certificate; }
  [[nodiscard]] Certificate issue(const std::string& name, long begin = -3600, long end = 3600) const;

 private:
  Certificate own_;
};

/// An HTTP/1.1 server on a free loopback port: hands every request to `handler` (from several threads) and
/// writes what it says. With a certificate it speaks TLS.
class ScriptedServer {
 public:
  using Handler = std::function<Reply(const SeenRequest&)>;

  explicit ScriptedServer(Handler handler, const Certificate& certificate = {});
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  [[nodiscard]] std::string url() const;
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::vector<SeenRequest> seen() const;
  [[nodiscard]] bool stopping() const { return stopping_; }
  [[nodiscard]] int connections() const { return connections_; }

 private:
  class Channel;
  void accept_all();
  void serve(int socket, int number);
  bool write_reply(Channel& channel, const Reply& reply);

  Handler handler_;
  SSL_CTX* tls_ = nullptr;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<int> connections_{0};
  mutable std::mutex mutex_;
  std::vector<SeenRequest> seen_;
  std::vector<int> sockets_;
  std::vector<std::thread> threads_;
  std::thread accepting_;
};

}  // namespace junction::test
