#include "edge/kube/external_name.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace junction::kube {
namespace {

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

SocketAddress to_address(const addrinfo& info, std::uint16_t port) {
  SocketAddress address;
  address.port = port;
  if (info.ai_family == AF_INET) {
    const auto* const v4 = reinterpret_cast<const sockaddr_in*>(info.ai_addr);
    std::memcpy(address.ip.data(), &v4->sin_addr, 4);
  } else {
    const auto* const v6 = reinterpret_cast<const sockaddr_in6*>(info.ai_addr);
    address.family = SocketAddress::Family::v6;
    std::memcpy(address.ip.data(), &v6->sin6_addr, 16);
    address.scope_id = v6->sin6_scope_id;
  }
  return address;
}

}  // namespace

Result<BackendEndpoints> resolve_external_name(const Service& service, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(service.external_name.c_str(), nullptr, &hints, &found);
  if (error != 0)
    return Error{ErrorKind::network, fmt::format("the externalName {} of service/{} does not resolve: {}",
                                                 service.external_name, service.name, gai_strerror(error))};
  const AddressList list(found, &freeaddrinfo);
  std::vector<SocketAddress> addresses;
  for (const addrinfo* info = list.get(); info; info = info->ai_next)
    addresses.push_back(to_address(*info, port));
  std::sort(addresses.begin(), addresses.end());
  addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
  BackendEndpoints endpoints;
  for (const SocketAddress& address : addresses) {
    Endpoint endpoint;
    endpoint.address = address;
    endpoint.hostname = service.external_name;
    endpoints.endpoints.push_back(std::move(endpoint));
  }
  return endpoints;
}

}  // namespace junction::kube
