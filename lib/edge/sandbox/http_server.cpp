#include "edge/sandbox/http_server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <system_error>
#include <thread>
#include <utility>

#include "junction/try.hpp"

namespace junction::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr auto breather = 20ms;  // after accept() has failed for want of something

struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using TlsContext = std::unique_ptr<SSL_CTX, FreeContext>;

TlsContext make_context(const Pki& pki) {
  TlsContext context(SSL_CTX_new(TLS_server_method()));
  if (!context) return {};
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
  // Ends without close_notify are how clients leave; they are no error here.
  SSL_CTX_set_options(context.get(), SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_RENEGOTIATION);
  const bool ready = SSL_CTX_use_certificate(context.get(), pki.certificate.get()) == 1 &&
                     SSL_CTX_use_PrivateKey(context.get(), pki.key.get()) == 1;
  return ready ? std::move(context) : TlsContext();
}

/// A descriptor that is closed with its owner.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

/// Without SO_REUSEPORT: a second sandbox is not to share the port of the first.
Result<Descriptor> listen_at(SocketAddress& address) {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(address.port);
  std::memcpy(&at.sin_addr, address.ip.data(), sizeof at.sin_addr);
  socklen_t size = sizeof at;
  const bool listens = socket.number() >= 0 &&
                       ::setsockopt(socket.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
                       ::bind(socket.number(), reinterpret_cast<const sockaddr*>(&at), size) == 0 &&
                       ::listen(socket.number(), SOMAXCONN) == 0 &&
                       ::getsockname(socket.number(), reinterpret_cast<sockaddr*>(&at), &size) == 0;
  if (!listens)
    return Error{ErrorKind::io,
                 fmt::format("cannot listen on {}: {}", address.to_string(), std::strerror(errno))};
  address.port = ntohs(at.sin_port);
  return socket;
}

}  // namespace

class HttpServer::Impl {
 public:
  Impl(SocketAddress address, HttpService service, ConnectionRegistry& connections, TlsContext context,
       Descriptor socket)
      : address_(address),
        service_(std::move(service)),
        connections_(connections),
        context_(std::move(context)),
        socket_(std::move(socket)) {}
  ~Impl() { stop(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<void> listen() {
    try {
      listener_ = std::thread([this] { accept_all(); });
      return {};
    } catch (const std::system_error& error) {
      return Error{ErrorKind::io,
                   fmt::format("no thread to listen on {}: {}", address_.to_string(), error.what())};
    }
  }

  void stop() {
    if (!listener_.joinable()) return;
    state_.stopping = true;
    ::shutdown(socket_.number(), SHUT_RDWR);  // wakes accept()
    listener_.join();
    connections_.end(this);
  }

  [[nodiscard]] const SocketAddress& address() const { return address_; }
  void drain() { state_.draining = true; }

 private:
  void accept_all() {
    while (!state_.stopping) {
      const int socket = ::accept4(socket_.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
      if (socket >= 0) {
        connections_.add(socket, this,
                         [this, socket](ConnectionRegistry::Place place) { serve(socket, place); });
      } else if (!state_.stopping && errno != EINTR && errno != ECONNABORTED) {
        connections_.evict();  // most likely there are no descriptors left
        std::this_thread::sleep_for(breather);
      }
    }
  }

  void serve(int socket, ConnectionRegistry::Place place) noexcept {
    try {
      const ConnectionLimits& limits = connections_.limits();
      ServerConnection connection(socket, context_.get(), limits.write);
      Conversation(connection, service_, state_, limits, [&](bool busy) {
        connections_.set_busy(place, busy);
      }).run();
    } catch (const std::exception& error) {
      tell(error.what());
    } catch (...) {
      tell("an exception of no known kind");
    }
  }

  void tell(const char* what) noexcept {
    try {
      service_.on_trouble(fmt::format("a connection to {} ended: {}", address_.to_string(), what));
    } catch (...) {  // not even memory for that; the server is to live, so be it
    }
  }

  SocketAddress address_;
  HttpService service_;
  ConnectionRegistry& connections_;
  TlsContext context_;
  Descriptor socket_;
  ServerState state_;
  std::thread listener_;
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() = default;

Result<std::unique_ptr<HttpServer>> HttpServer::start(const SocketAddress& address, HttpService service,
                                                      ConnectionRegistry& connections, const Pki* pki) {
  TlsContext context = pki ? make_context(*pki) : TlsContext();
  if (pki && !context) return Error{ErrorKind::unsupported, "could not set up TLS for the sandbox's API"};
  SocketAddress bound = address;
  JUNCTION_TRY_ASSIGN(Descriptor socket, listen_at(bound));
  auto impl =
      std::make_unique<Impl>(bound, std::move(service), connections, std::move(context), std::move(socket));
  JUNCTION_TRY(impl->listen());
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

const SocketAddress& HttpServer::address() const {
  return impl_->address();
}
void HttpServer::drain() {
  impl_->drain();
}
void HttpServer::stop() {
  impl_->stop();
}

}  // namespace junction::sandbox
