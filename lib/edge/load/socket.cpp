#include "edge/load/socket.hpp"

#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace junction::load {
namespace {

ErrorType connect_error(int number) {
  switch (number) {
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
    case EADDRNOTAVAIL:  // no local port left
      return ErrorType::too_many_open;
    default:
      return ErrorType::connect;
  }
}

constexpr std::size_t tls_allowance = 64 * 1024;

constexpr std::string_view end_of_head = "\r\n\r\n";

// A proxy may say a lot before it opens a tunnel, but not more than a server may.
constexpr std::size_t longest_answer = 64 * 1024;

}  // namespace

ErrorType Socket::connect(const Address& address, const Destination& destination) {
  close();
  wire_.fd = ::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
  if (wire_.fd < 0) return connect_error(errno);
  const int on = 1;
  ::setsockopt(wire_.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  stage_ = Stage::connecting;
  failure_ = ErrorType::none;
  tunnel_ = destination.tunnel;
  tunnel_answer_.clear();
  if (::connect(wire_.fd, address.get(), address.size) != 0 && errno != EINPROGRESS) {
    const ErrorType error = connect_error(errno);
    close();
    return error;
  }
  if (destination.tls && !(tls_ = make_tls(destination, wire_))) {
    close();
    return ErrorType::tls;
  }
  return ErrorType::none;
}

Socket::Step Socket::establish() {
  Step step = Step::done;
  if (stage_ == Stage::connecting) step = tcp_step();
  if (stage_ == Stage::tunnel && step == Step::done) step = tunnel_step();
  if (stage_ == Stage::handshake && step == Step::done) step = tls_step();
  return step;
}

Socket::Step Socket::fail(ErrorType error) {
  failure_ = error;
  return Step::failed;
}

Socket::Step Socket::tcp_step() {
  // Whether the connection stands is asked of the socket, not of the event that led here: an event may be
  // stale.
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(wire_.fd, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return fail(connect_error(error));
  sockaddr_storage peer{};
  size = sizeof peer;
  if (::getpeername(wire_.fd, reinterpret_cast<sockaddr*>(&peer), &size) != 0) return Step::again;
  stage_ = tunnel_.empty() ? after_tunnel() : Stage::tunnel;
  return Step::done;
}

Socket::Step Socket::tunnel_step() {
  while (!tunnel_.empty()) {
    const ssize_t count = ::send(wire_.fd, tunnel_.data(), tunnel_.size(), MSG_NOSIGNAL);
    if (count < 0) return errno == EAGAIN || errno == EINTR ? Step::again : fail(ErrorType::connect);
    tunnel_.remove_prefix(static_cast<std::size_t>(count));
  }
  return read_tunnel_answer();
}

// Looks before it takes: what follows the answer's head is the host's.
Socket::Step Socket::read_tunnel_answer() {
  std::array<char, 8192> buffer;
  while (tunnel_answer_.size() < longest_answer) {
    const ssize_t count = ::recv(wire_.fd, buffer.data(), buffer.size(), MSG_PEEK);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return Step::again;
    if (count <= 0) return fail(ErrorType::connect);
    const std::size_t before = tunnel_answer_.size();
    tunnel_answer_.append(buffer.data(), static_cast<std::size_t>(count));
    const std::size_t end = tunnel_answer_.find(end_of_head, before - std::min(before, end_of_head.size()));
    if (end != std::string::npos) tunnel_answer_.resize(end + end_of_head.size());
    if (::recv(wire_.fd, buffer.data(), tunnel_answer_.size() - before, 0) < 0)
      return fail(ErrorType::connect);
    if (end == std::string::npos) continue;
    const std::string_view answer = tunnel_answer_;
    if (!answer.starts_with("HTTP/1.") || !answer.substr(8).starts_with(" 2")) break;
    stage_ = after_tunnel();
    return Step::done;
  }
  return fail(ErrorType::connect);
}

Socket::Step Socket::tls_step() {
  ERR_clear_error();
  wire_.allowance = tls_allowance;
  wire_.cut_off = false;
  const int result = SSL_do_handshake(tls_.get());
  if (result == 1) {
    stage_ = Stage::ready;
    return Step::done;
  }
  const int error = SSL_get_error(tls_.get(), result);
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
    return wire_.cut_off ? Step::more : Step::again;
  return fail(ErrorType::tls);
}

std::ptrdiff_t Socket::tls_result(int result) {
  if (result > 0) return result;
  switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return wire_.cut_off ? more : would_block;
    case SSL_ERROR_ZERO_RETURN:
      return 0;
    default:
      return broken;
  }
}

// The system calls themselves: recv() and send() of the C library are points where a thread can be canceled,
// and getting ready for that costs more than the call.
std::ptrdiff_t Socket::read(char* buffer, std::size_t size) {
  if (tls_) {
    ERR_clear_error();
    wire_.allowance = tls_allowance;
    wire_.cut_off = false;
    return tls_result(SSL_read(tls_.get(), buffer, static_cast<int>(size)));
  }
  const long count = ::syscall(SYS_recvfrom, wire_.fd, buffer, size, 0, nullptr, nullptr);
  if (count >= 0) return count;
  return errno == EAGAIN || errno == EINTR ? would_block : broken;
}

std::ptrdiff_t Socket::write(std::string_view bytes) {
  if (tls_) {
    ERR_clear_error();
    wire_.allowance = tls_allowance;
    wire_.cut_off = false;
    const auto size = static_cast<int>(bytes.size() < 1U << 20 ? bytes.size() : 1U << 20);
    const std::ptrdiff_t count = tls_result(SSL_write(tls_.get(), bytes.data(), size));
    return count == 0 ? broken : count;
  }
  const long count = ::syscall(SYS_sendto, wire_.fd, bytes.data(), bytes.size(), MSG_NOSIGNAL, nullptr, 0);
  if (count >= 0) return count;
  return errno == EAGAIN || errno == EINTR ? would_block : broken;
}

void Socket::close() {
  tls_.reset();
  if (wire_.fd >= 0) ::close(wire_.fd);
  wire_.fd = -1;
}

void Socket::close_abruptly() {
  if (wire_.fd >= 0) {
    const linger at_once{1, 0};
    ::setsockopt(wire_.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
  close();
}

}  // namespace junction::load
