#include "edge/load/address.hpp"

#include <arpa/inet.h>

#include <cstring>

namespace junction::load {

Address to_address(const SocketAddress& from) {
  Address to;
  if (from.family == SocketAddress::Family::v4) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(from.port);
    std::memcpy(&v4.sin_addr, from.ip.data(), sizeof v4.sin_addr);
    std::memcpy(&to.storage, &v4, to.size = sizeof v4);
  } else {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(from.port);
    v6.sin6_flowinfo = htonl(from.flow_info);
    v6.sin6_scope_id = from.scope_id;
    std::memcpy(&v6.sin6_addr, from.ip.data(), sizeof v6.sin6_addr);
    std::memcpy(&to.storage, &v6, to.size = sizeof v6);
  }
  return to;
}

}  // namespace junction::load
