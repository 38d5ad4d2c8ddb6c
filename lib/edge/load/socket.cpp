#include "edge/load/socket.hpp"

#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/syscall.h>
#include <unistd.h>

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

SSL* new_tls(const Destination& destination, int fd) {
  SSL* const ssl = SSL_new(destination.tls.get());
  if (!ssl) return nullptr;
  SSL_set_fd(ssl, fd);
  SSL_set_connect_state(ssl);
  SSL_set_read_ahead(ssl, 1);  // one read for record header and record
  if (destination.tls_name_is_ip) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), destination.tls_name.c_str());
  } else {
    SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(
                 destination.tls_name.c_str()));  // SSL_set_tlsext_host_name(), spelt without its C cast
    SSL_set1_host(ssl, destination.tls_name.c_str());
  }
  return ssl;
}

}  // namespace

ErrorType Socket::connect(const Address& address, const Destination& destination) {
  close();
  fd_ = ::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
  if (fd_ < 0) return connect_error(errno);
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  stage_ = Stage::connecting;
  failure_ = ErrorType::none;
  tunnel_ = destination.tunnel;
  if (::connect(fd_, address.get(), address.size) != 0 && errno != EINPROGRESS) {
    const ErrorType error = connect_error(errno);
    close();
    return error;
  }
  if (destination.tls && !(ssl_ = new_tls(destination, fd_))) {
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
  ::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return fail(connect_error(error));
  sockaddr_storage peer{};
  size = sizeof peer;
  if (::getpeername(fd_, reinterpret_cast<sockaddr*>(&peer), &size) != 0) return Step::again;
  stage_ = tunnel_.empty() ? after_tunnel() : Stage::tunnel;
  return Step::done;
}

// Asks the proxy, and reads its answer up to the last byte of the head and no further: what follows is the
// host's.
Socket::Step Socket::tunnel_step() {
  while (!tunnel_.empty()) {
    const ssize_t count = ::send(fd_, tunnel_.data(), tunnel_.size(), MSG_NOSIGNAL);
    if (count < 0) return errno == EAGAIN || errno == EINTR ? Step::again : fail(ErrorType::connect);
    tunnel_.remove_prefix(static_cast<std::size_t>(count));
  }
  std::array<char, 8192> buffer;
  const ssize_t count = ::recv(fd_, buffer.data(), buffer.size(), MSG_PEEK);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return Step::again;
  if (count <= 0) return fail(ErrorType::connect);
  const std::string_view answer(buffer.data(), static_cast<std::size_t>(count));
  constexpr std::string_view end_of_head = "\r\n\r\n";
  const std::size_t end = answer.find(end_of_head);
  if (end == answer.npos) return answer.size() < buffer.size() ? Step::again : fail(ErrorType::connect);
  const bool opened = answer.starts_with("HTTP/1.") && answer.substr(8).starts_with(" 2");
  if (!opened || ::recv(fd_, buffer.data(), end + end_of_head.size(), 0) < 0) return fail(ErrorType::connect);
  stage_ = after_tunnel();
  return Step::done;
}

Socket::Step Socket::tls_step() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_);
  if (result == 1) {
    stage_ = Stage::ready;
    return Step::done;
  }
  const int error = SSL_get_error(ssl_, result);
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return Step::again;
  return fail(ErrorType::tls);
}

std::ptrdiff_t Socket::tls_result(int result) {
  if (result > 0) return result;
  switch (SSL_get_error(ssl_, result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return would_block;
    case SSL_ERROR_ZERO_RETURN:
      return 0;
    default:
      return broken;
  }
}

// The system calls themselves: recv() and send() of the C library are points where a thread can be canceled,
// and getting ready for that costs more than the call.
std::ptrdiff_t Socket::read(char* buffer, std::size_t size) {
  if (ssl_) {
    ERR_clear_error();
    return tls_result(SSL_read(ssl_, buffer, static_cast<int>(size)));
  }
  const long count = ::syscall(SYS_recvfrom, fd_, buffer, size, 0, nullptr, nullptr);
  if (count >= 0) return count;
  return errno == EAGAIN || errno == EINTR ? would_block : broken;
}

std::ptrdiff_t Socket::write(std::string_view bytes) {
  if (ssl_) {
    ERR_clear_error();
    const auto size = static_cast<int>(bytes.size() < 1U << 20 ? bytes.size() : 1U << 20);
    const std::ptrdiff_t count = tls_result(SSL_write(ssl_, bytes.data(), size));
    return count == 0 ? broken : count;
  }
  const long count = ::syscall(SYS_sendto, fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL, nullptr, 0);
  if (count >= 0) return count;
  return errno == EAGAIN || errno == EINTR ? would_block : broken;
}

void Socket::close() {
  if (ssl_) SSL_free(ssl_);
  ssl_ = nullptr;
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

void Socket::close_abruptly() {
  if (fd_ >= 0) {
    const linger at_once{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
  close();
}

}  // namespace junction::load
