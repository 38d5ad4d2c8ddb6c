#include "tests/edge/kube/scripted_server.hpp"

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <optional>

namespace junction::test {
namespace {

using Clock = std::chrono::steady_clock;

/// OpenSSL writes without MSG_NOSIGNAL: a client that hangs up must not end the tests.
void block_sigpipe() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

SSL_CTX* tls_context(const Certificate& pem) {
  SSL_CTX* const context = SSL_CTX_new(TLS_server_method());
  BIO* const certificate = BIO_new_mem_buf(pem.certificate.data(), static_cast<int>(pem.certificate.size()));
  BIO* const key = BIO_new_mem_buf(pem.key.data(), static_cast<int>(pem.key.size()));
  X509* const x509 = PEM_read_bio_X509(certificate, nullptr, nullptr, nullptr);
  EVP_PKEY* const pkey = PEM_read_bio_PrivateKey(key, nullptr, nullptr, nullptr);
  SSL_CTX_use_certificate(context, x509);
  SSL_CTX_use_PrivateKey(context, pkey);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 1; });  // whoever it is
  const unsigned char id[] = "test";
  SSL_CTX_set_session_id_context(context, id, sizeof id);
  X509_free(x509);
  EVP_PKEY_free(pkey);
  BIO_free(certificate);
  BIO_free(key);
  return context;
}

}  // namespace

std::string SeenRequest::target() const {
  const std::size_t start = line.find(' ') + 1;
  return line.substr(start, line.rfind(' ') - start);
}

std::string SeenRequest::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key.size() == name.size() && strncasecmp(key.data(), name.data(), name.size()) == 0) return value;
  return {};
}

Reply answer(int status, std::string_view body, std::string_view content_type,
             std::string_view more_headers) {
  std::string text =
      "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Type: " + std::string(content_type) +
      "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string(more_headers) + "\r\n";
  return {.pieces = {text + std::string(body)}};
}

std::string chunked_head() {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
}

std::string chunk(std::string_view data) {
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", data.size());
  return size + std::string(data) + "\r\n";
}

/// One connection, in the clear or not.
class ScriptedServer::Channel {
 public:
  Channel(int socket, SSL_CTX* context) : socket_(socket) {
    if (!context) return;
    tls_ = SSL_new(context);
    SSL_set_fd(tls_, socket);
    open_ = SSL_accept(tls_) == 1;
  }
  ~Channel() {
    if (tls_ && open_) SSL_shutdown(tls_);
    SSL_free(tls_);
  }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  [[nodiscard]] bool open() const { return open_; }

  [[nodiscard]] std::string client() const {
    X509* const shown = tls_ ? SSL_get1_peer_certificate(tls_) : nullptr;
    char name[100] = "";
    if (shown) X509_NAME_get_text_by_NID(X509_get_subject_name(shown), NID_commonName, name, sizeof name);
    X509_free(shown);
    return name;
  }

  bool write(std::string_view data) {
    while (!data.empty()) {
      const auto sent = tls_ ? SSL_write(tls_, data.data(), static_cast<int>(data.size()))
                             : static_cast<int>(send(socket_, data.data(), data.size(), MSG_NOSIGNAL));
      if (sent <= 0) return false;
      data.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  std::optional<SeenRequest> read_request() {
    const auto head_end = fill_until([&] { return buffer_.find("\r\n\r\n"); });
    if (!head_end) return std::nullopt;
    SeenRequest request;
    std::string head = buffer_.substr(0, *head_end + 2);
    buffer_.erase(0, *head_end + 4);
    for (std::size_t end = 0; (end = head.find("\r\n")) != std::string::npos; head.erase(0, end + 2)) {
      const std::string line = head.substr(0, end);
      const std::size_t colon = line.find(": ");
      if (request.line.empty())
        request.line = line;
      else if (colon != std::string::npos)
        request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
    const auto length = static_cast<std::size_t>(std::atol(request.header("Content-Length").c_str()));
    if (!fill_until([&] { return buffer_.size() >= length ? length : std::string::npos; }))
      return std::nullopt;
    request.body = buffer_.substr(0, length);
    buffer_.erase(0, length);
    return request;
  }

 private:
  template <typename Find>
  std::optional<std::size_t> fill_until(Find find) {
    while (true) {
      if (const std::size_t found = find(); found != std::string::npos) return found;
      char block[16384];
      const auto got = tls_ ? SSL_read(tls_, block, sizeof block)
                            : static_cast<int>(recv(socket_, block, sizeof block, 0));
      if (got <= 0) return std::nullopt;
      buffer_.append(block, static_cast<std::size_t>(got));
    }
  }

  int socket_;
  SSL* tls_ = nullptr;
  bool open_ = true;
  std::string buffer_;
};

ScriptedServer::ScriptedServer(Handler handler, const Certificate& certificate)
    : handler_(std::move(handler)) {
  if (!certificate.certificate.empty()) tls_ = tls_context(certificate);
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, 64) != 0)
    std::abort();
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  accepting_ = std::thread([this] { accept_all(); });
}

ScriptedServer::~ScriptedServer() {
  stopping_ = true;
  shutdown(listener_, SHUT_RDWR);
  accepting_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const int socket : sockets_) shutdown(socket, SHUT_RDWR);
  }
  for (std::thread& thread : threads_) thread.join();
  for (const int socket : sockets_) close(socket);
  close(listener_);
  SSL_CTX_free(tls_);
}

std::string ScriptedServer::url() const {
  return std::string(tls_ ? "https" : "http") + "://127.0.0.1:" + std::to_string(port_);
}

std::vector<SeenRequest> ScriptedServer::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

void ScriptedServer::accept_all() {
  while (!stopping_) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) continue;
    const std::lock_guard lock(mutex_);
    sockets_.push_back(socket);
    threads_.emplace_back([this, socket, number = connections_++] { serve(socket, number); });
  }
}

void ScriptedServer::serve(int socket, int number) {
  block_sigpipe();
  Channel channel(socket, tls_);
  while (channel.open() && !stopping_) {
    auto request = channel.read_request();
    if (!request) break;
    request->connection = number;
    request->client = channel.client();
    {
      const std::lock_guard lock(mutex_);
      seen_.push_back(*request);
    }
    if (!write_reply(channel, handler_(*request))) break;
  }
  shutdown(socket, SHUT_RDWR);
}

bool ScriptedServer::write_reply(Channel& channel, const Reply& reply) {
  for (const std::string& piece : reply.pieces) {
    if (&piece != &reply.pieces.front()) std::this_thread::sleep_for(reply.pause);
    if (!channel.write(piece)) return false;
  }
  std::string piece;
  while (reply.more && !stopping_ && reply.more(piece))
    if (!channel.write(piece)) return false;
  return !reply.close;
}

}  // namespace junction::test
