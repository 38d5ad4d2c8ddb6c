#pragma once

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "junction/endpoint.hpp"

/// A client that sends what it is told, byte for byte.
class RawClient {
 public:
  explicit RawClient(const junction::SocketAddress& address) : RawClient() { connect(address); }
  RawClient() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  RawClient(RawClient&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
  RawClient& operator=(RawClient&&) = delete;
  ~RawClient() {
    if (socket_ >= 0) ::close(socket_);
  }

  bool connect(const junction::SocketAddress& address) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(address.port);
    std::memcpy(&at.sin_addr, address.ip.data(), sizeof at.sin_addr);
    return ::connect(socket_, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0;
  }

  /// False: the server has closed.
  bool send(std::string_view bytes) const {
    return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
  }

  /// What has come until `enough` is in it, the server closes, or `patience` is over.
  std::string receive(std::string_view enough,
                      std::chrono::milliseconds patience = std::chrono::seconds(10)) {
    const auto until = std::chrono::steady_clock::now() + patience;
    std::string text;
    while (!closed_ && (enough.empty() || text.find(enough) == std::string::npos)) {
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
      pollfd ready{socket_, POLLIN, 0};
      if (left.count() <= 0 || ::poll(&ready, 1, static_cast<int>(left.count())) <= 0) break;
      std::array<char, 4096> piece{};
      const ssize_t got = ::recv(socket_, piece.data(), piece.size(), 0);
      closed_ = got <= 0;
      if (got > 0) text.append(piece.data(), static_cast<std::size_t>(got));
    }
    return text;
  }
  std::string receive_all() { return receive(""); }

  /// The server closed, as the last receive() saw.
  [[nodiscard]] bool closed() const { return closed_; }

 private:
  int socket_;
  bool closed_ = false;
};
