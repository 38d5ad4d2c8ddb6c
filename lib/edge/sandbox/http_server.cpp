#include "edge/sandbox/http_server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <set>
#include <thread>

#include "edge/sandbox/connection.hpp"

namespace junction::sandbox {
namespace {

/// A thread for every connection at a time; threads are kept and used again. cpp-httplib's own pool has a
/// fixed number, and a connection that stays open keeps its thread, so that more clients than threads would
/// wait for ever.
class GrowingPool : public httplib::TaskQueue {
 public:
  void enqueue(std::function<void()> task) override {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    if (tasks_.size() > idle_) threads_.emplace_back([this] { work(); });
    wake_.notify_one();
  }

  void shutdown() override {
    {
      const std::lock_guard lock(mutex_);
      done_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  void work() {
    std::unique_lock lock(mutex_);
    for (;;) {
      ++idle_;
      wake_.wait(lock, [&] { return done_ || !tasks_.empty(); });
      --idle_;
      if (tasks_.empty()) return;
      const auto task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      task();
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;
  std::vector<std::thread> threads_;
  std::size_t idle_ = 0;
  bool done_ = false;
};

struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using TlsContext = std::unique_ptr<SSL_CTX, FreeContext>;

TlsContext make_context(const Pki& pki) {
  TlsContext context(SSL_CTX_new(TLS_server_method()));
  if (!context) return {};
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_AUTO_RETRY);
  // Ends without close_notify are how clients leave; they are no error here.
  SSL_CTX_set_options(context.get(), SSL_OP_IGNORE_UNEXPECTED_EOF);
  const bool ready = SSL_CTX_use_certificate(context.get(), pki.certificate.get()) == 1 &&
                     SSL_CTX_use_PrivateKey(context.get(), pki.key.get()) == 1;
  return ready ? std::move(context) : TlsContext();
}

/// Exclusive: cpp-httplib would set SO_REUSEPORT, and a second sandbox would quietly share the port of the
/// first.
void claim(socket_t socket) {
  const int on = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
}

/// cpp-httplib would compress a stream and keep its events back until a block is full.
void refuse_compression(httplib::Request& request) {
  request.headers.erase("Accept-Encoding");
}

}  // namespace

class HttpServer::Impl : public httplib::Server {
 public:
  Impl(Handler handler, TlsContext context) : handler_(std::move(handler)), context_(std::move(context)) {
    new_task_queue = [] { return new GrowingPool; };
    set_socket_options(claim);
    set_keep_alive_max_count(
        1'000'000'000);  // told to clients in a header; connections end when clients end them
    set_keep_alive_timeout(3600);
    // Before routing, as routing matches a regular expression per pattern; answers to requests with a body
    // wait for it.
    set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      if (request.method != "GET" && request.method != "HEAD") return HandlerResponse::Unhandled;
      handler_(request, response);
      return HandlerResponse::Handled;
    });
    const auto with_body = [this](const httplib::Request& request, httplib::Response& response) {
      handler_(request, response);
    };
    Post(".*", with_body)
        .Put(".*", with_body)
        .Patch(".*", with_body)
        .Delete(".*", with_body)
        .Options(".*", with_body);
  }

  Result<void> listen(const SocketAddress& wanted) {
    address_ = wanted;
    errno = 0;
    const int port = wanted.port == 0 ? bind_to_any_port(wanted.ip_string()) : wanted.port;
    if (port <= 0 || (wanted.port != 0 && !bind_to_port(wanted.ip_string(), port)))
      return Error{ErrorKind::io,
                   fmt::format("cannot listen on {}: {}", wanted.to_string(), std::strerror(errno))};
    address_.port = static_cast<std::uint16_t>(port);
    ::listen(svr_sock_, SOMAXCONN);  // cpp-httplib's backlog is 5: the sixth of a burst would wait a second
    listener_ = std::thread([this] { listen_after_bind(); });
    while (!is_running()) std::this_thread::yield();  // stop() before this point would be lost
    return {};
  }

  void stop_all() {
    if (!listener_.joinable()) return;
    stopping_ = true;
    stop();
    {
      const std::lock_guard lock(mutex_);
      for (const socket_t socket : open_) ::shutdown(socket, SHUT_RDWR);
    }
    listener_.join();
  }

  [[nodiscard]] const SocketAddress& address() const { return address_; }
  [[nodiscard]] bool stopping() const { return stopping_; }
  void drain() { draining_ = true; }

 private:
  bool process_and_close_socket(socket_t socket) override {
    {
      const std::lock_guard lock(mutex_);
      open_.insert(socket);
    }
    if (!stopping_) serve(socket);
    {
      const std::lock_guard lock(mutex_);
      open_.erase(socket);
    }
    ::shutdown(socket, SHUT_RDWR);
    ::close(socket);
    return true;
  }

  void serve(socket_t socket) {
    Connection connection(socket, context_.get());
    if (!connection.accept()) return;
    bool closed = false;
    while (!closed && !stopping_ && connection.wait_for_request())
      if (!process_request(connection, draining_, closed, refuse_compression)) return;
  }

  Handler handler_;
  TlsContext context_;
  SocketAddress address_;
  std::thread listener_;
  std::atomic<bool> stopping_ = false, draining_ = false;
  std::mutex mutex_;
  std::set<socket_t> open_;
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() {
  stop();
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(const SocketAddress& address, Handler handler,
                                                      const Pki* pki) {
  TlsContext context = pki ? make_context(*pki) : TlsContext();
  if (pki && !context) return Error{ErrorKind::unsupported, "could not set up TLS for the sandbox's API"};
  auto impl = std::make_unique<Impl>(std::move(handler), std::move(context));
  if (auto listening = impl->listen(address); !listening) return std::move(listening).error();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

const SocketAddress& HttpServer::address() const {
  return impl_->address();
}
void HttpServer::drain() {
  impl_->drain();
}
void HttpServer::stop() {
  impl_->stop_all();
}
bool HttpServer::running() const {
  return !impl_->stopping();
}

}  // namespace junction::sandbox
