#include "edge/sandbox/server_connection.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace junction::sandbox {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::size_t read_size = 16 * 1024, flush_at = 64 * 1024;
constexpr std::size_t linger_bytes = 16 << 20;  // a client that sends more than that has been told long ago
constexpr auto linger_time = 1s;

short poll_for(int socket, short events, std::chrono::milliseconds timeout) {
  pollfd poll_fd{socket, events, 0};
  const int milliseconds = static_cast<int>(std::clamp<std::int64_t>(timeout.count(), 0, 3'600'000));
  int ready = 0;
  do ready = ::poll(&poll_fd, 1, milliseconds);
  while (ready < 0 && errno == EINTR);
  return ready > 0 ? poll_fd.revents : short{0};
}

}  // namespace

ServerConnection::ServerConnection(int socket, SSL_CTX* context, std::chrono::milliseconds write_patience)
    : socket_(socket), tls_(context ? SSL_new(context) : nullptr), write_patience_(write_patience) {
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  broken_ = context && (!tls_ || SSL_set_fd(tls_.get(), socket_) != 1);
}

ServerConnection::~ServerConnection() {
  flush();
  if (tls_ && !broken_) SSL_shutdown(tls_.get());
  ERR_clear_error();  // the next connection of this thread has errors of its own
}

ServerConnection::Opened ServerConnection::open(Deadline deadline) {
  if (!tls_) return broken_ ? Opened::failed : Opened::ready;
  char first = 0;
  ssize_t peeked = -1;
  while ((peeked = ::recv(socket_, &first, 1, MSG_PEEK)) < 0 && (errno == EAGAIN || errno == EINTR))
    if (!wait(Wanted::to_read, deadline)) return Opened::failed;
  if (peeked != 1) return Opened::failed;
  if (first >= 'A' && first <= 'Z') {  // a TLS record begins with 0x16
    tls_.reset();
    return Opened::plain_http;
  }
  for (int result = 0; (result = SSL_accept(tls_.get())) != 1;)
    if (!wait(wanted_by_tls(result), deadline)) return Opened::failed;
  return Opened::ready;
}

void ServerConnection::take(std::size_t bytes) {
  in_begin_ += bytes;
  if (in_begin_ < in_.size()) return;
  in_.clear();
  in_begin_ = 0;
}

bool ServerConnection::fill(Deadline deadline) {
  if (!flush()) return false;  // e.g. "100 Continue": the peer waits for it before it sends on
  in_.erase(0, std::exchange(in_begin_, 0));
  const std::size_t had = in_.size();
  in_.resize(had + read_size);
  std::size_t got = 0;
  const bool more = receive(in_.data() + had, read_size, deadline, got);
  in_.resize(had + got);
  return more;
}

bool ServerConnection::receive(char* into, std::size_t size, Deadline deadline, std::size_t& got) {
  while (!broken_) {
    ERR_clear_error();
    const ssize_t result =
        tls_ ? SSL_read(tls_.get(), into, static_cast<int>(size)) : ::recv(socket_, into, size, 0);
    if (result > 0) {
      got = static_cast<std::size_t>(result);
      return true;
    }
    const bool again = !tls_ && result < 0 && (errno == EAGAIN || errno == EINTR);
    if (!wait(tls_    ? wanted_by_tls(static_cast<int>(result))
              : again ? Wanted::to_read
                      : Wanted::nothing,
              deadline))
      break;
  }
  return false;
}

ServerConnection::Wanted ServerConnection::wanted_by_tls(int result) const {
  const int error = SSL_get_error(tls_.get(), result);
  return error == SSL_ERROR_WANT_READ    ? Wanted::to_read
         : error == SSL_ERROR_WANT_WRITE ? Wanted::to_write
                                         : Wanted::nothing;
}

/// False: nothing is to be waited for, or the deadline has passed; the connection is of no use any more.
bool ServerConnection::wait(Wanted wanted, Deadline deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  if (wanted != Wanted::nothing && left > 0ms)
    if (poll_for(socket_, wanted == Wanted::to_read ? POLLIN : POLLOUT, left) != 0) return true;
  timed_out_ = wanted != Wanted::nothing;
  broken_ = broken_ || !timed_out_;
  return false;
}

bool ServerConnection::write(std::string_view bytes) {
  out_ += bytes;
  return out_.size() < flush_at || flush();
}

bool ServerConnection::flush() {
  if (broken_) return false;
  if (out_.empty()) return true;
  broken_ = !send(out_);
  out_.clear();
  return !broken_;
}

bool ServerConnection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t size = std::min<std::size_t>(bytes.size(), 1 << 20);
    ERR_clear_error();
    const ssize_t sent = tls_ ? SSL_write(tls_.get(), bytes.data(), static_cast<int>(size))
                              : ::send(socket_, bytes.data(), size, MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    const bool again = !tls_ && sent < 0 && (errno == EAGAIN || errno == EINTR);
    const Wanted wanted = tls_    ? wanted_by_tls(static_cast<int>(sent))
                          : again ? Wanted::to_write
                                  : Wanted::nothing;
    if (!wait(wanted, Clock::now() + write_patience_)) return false;
  }
  return true;
}

bool ServerConnection::peer_is_there() const {
  return !broken_ && !(poll_for(socket_, POLLRDHUP, 0ms) & (POLLRDHUP | POLLHUP | POLLERR));
}

void ServerConnection::linger() {
  if (!flush()) return;
  if (tls_) SSL_shutdown(tls_.get());
  ::shutdown(socket_, SHUT_WR);
  broken_ = true;
  std::array<char, read_size> dropped{};
  const Deadline until = Clock::now() + linger_time;
  for (std::size_t bytes = 0; bytes < linger_bytes && Clock::now() < until;) {
    const ssize_t got = ::recv(socket_, dropped.data(), dropped.size(), MSG_DONTWAIT);
    if (got > 0) bytes += static_cast<std::size_t>(got);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) return;
    if (got < 0 &&
        !poll_for(socket_, POLLIN, std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now())))
      return;
  }
}

std::string ServerConnection::peer() const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  std::array<char, INET_ADDRSTRLEN> ip{};
  if (::getpeername(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
      !::inet_ntop(AF_INET, &address.sin_addr, ip.data(), ip.size()))
    return {};
  return fmt::format("{}:{}", ip.data(), ntohs(address.sin_port));
}

}  // namespace junction::sandbox
