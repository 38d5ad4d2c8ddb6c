#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include "junction/endpoint.hpp"

namespace junction::load {

/// A socket address as the system calls take it.
struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;

  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  [[nodiscard]] int family() const { return storage.ss_family; }
};

Address to_address(const SocketAddress& address);

}  // namespace junction::load
