#include "edge/sandbox/connection.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace junction::sandbox {
namespace {

constexpr std::size_t flush_at = 64 * 1024;

short poll_for(socket_t socket, short events, int timeout_ms) {
  pollfd poll_fd{socket, events, 0};
  int ready = 0;
  do ready = ::poll(&poll_fd, 1, timeout_ms);
  while (ready < 0 && errno == EINTR);
  return ready > 0 ? poll_fd.revents : short{0};
}

void describe(const sockaddr_in& address, std::string& ip, int& port) {
  std::array<char, INET_ADDRSTRLEN> text{};
  ip = ::inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size()) ? text.data() : "";
  port = ntohs(address.sin_port);
}

}  // namespace

Connection::Connection(socket_t socket, SSL_CTX* context) : socket_(socket) {
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (context && (tls_ = SSL_new(context))) SSL_set_fd(tls_, socket_);
  broken_ = context && !tls_;
}

Connection::~Connection() {
  flush();
  if (!tls_) return;
  if (!broken_) SSL_shutdown(tls_);
  SSL_free(tls_);
}

bool Connection::accept() {
  if (tls_ && SSL_accept(tls_) != 1) broken_ = true;
  return !broken_;
}

bool Connection::wait_for_request() {
  flush();
  if (broken_) return false;
  if (in_begin_ < in_end_ || (tls_ && SSL_pending(tls_) > 0)) return true;
  poll_for(socket_, POLLIN, -1);
  return fill();  // TLS may have woken us for a record without data; reading tells
}

bool Connection::fill() {
  const ssize_t got = receive(in_.data(), in_.size());
  in_begin_ = 0;
  in_end_ = got > 0 ? static_cast<std::size_t>(got) : 0;
  return got > 0;
}

bool Connection::is_readable() const {
  return in_begin_ < in_end_ || (tls_ && SSL_pending(tls_) > 0) || (poll_for(socket_, POLLIN, 0) & POLLIN);
}

bool Connection::is_writable() const {
  // The interface calls this const; sending what is pending changes nothing that a caller can see.
  if (!const_cast<Connection*>(this)->flush()) return false;
  return !(poll_for(socket_, POLLRDHUP, 0) & (POLLRDHUP | POLLHUP | POLLERR));
}

ssize_t Connection::read(char* into, size_t size) {
  if (in_begin_ == in_end_ && !fill()) return broken_ ? -1 : 0;
  const std::size_t count = std::min(size, in_end_ - in_begin_);
  std::memcpy(into, in_.data() + in_begin_, count);
  in_begin_ += count;
  return static_cast<ssize_t>(count);
}

ssize_t Connection::receive(char* into, size_t size) {
  if (!flush()) return -1;  // e.g. "100 Continue": the peer waits for it before it sends on
  ssize_t got = 0;
  if (tls_)
    got = SSL_read(tls_, into, static_cast<int>(size));
  else
    do got = ::recv(socket_, into, size, 0);
    while (got < 0 && errno == EINTR);
  if (got < 0) broken_ = true;
  return got;
}

ssize_t Connection::write(const char* from, size_t size) {
  out_.append(from, size);
  if (out_.size() >= flush_at && !flush()) return -1;
  return broken_ ? -1 : static_cast<ssize_t>(size);
}

bool Connection::flush() {
  if (broken_) return false;
  if (out_.empty()) return true;
  broken_ = !send_all(out_.data(), out_.size());
  out_.clear();
  return !broken_;
}

bool Connection::send_all(const char* from, size_t size) {
  if (tls_) return SSL_write(tls_, from, static_cast<int>(size)) == static_cast<int>(size);
  while (size > 0) {
    const ssize_t sent = ::send(socket_, from, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    from += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

void Connection::get_remote_ip_and_port(std::string& ip, int& port) const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (::getpeername(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0) describe(address, ip, port);
}

void Connection::get_local_ip_and_port(std::string& ip, int& port) const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0) describe(address, ip, port);
}

}  // namespace junction::sandbox
