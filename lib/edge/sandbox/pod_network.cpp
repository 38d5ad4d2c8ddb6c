#include "edge/sandbox/pod_network.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <utility>

#include "junction/balancer.hpp"
#include "junction/url.hpp"

namespace junction::sandbox {
namespace {

constexpr std::array story_queries{"red",   "white",   "rose",   "pinot noir", "france",
                                   "italy", "germany", "greece", "australia",  "portugal"};
constexpr std::size_t most_queries = 5;

SocketAddress address(std::uint8_t a, std::uint8_t b, std::uint8_t host) {
  SocketAddress made;
  made.ip = {127, a, b, host};
  made.port = PodNetwork::port;
  return made;
}

/// With the numbers of replicas that the tutorial and its readers use.
bool suits(std::uint8_t a, std::uint8_t b) {
  for (const int replicas : {3, 4, 5, 6, 8}) {
    std::vector<SocketAddress> addresses;
    for (int i = 0; i < replicas; ++i) addresses.push_back(address(a, b, static_cast<std::uint8_t>(10 + i)));
    if (!story_holds(addresses)) return false;
  }
  return true;
}

}  // namespace

bool story_holds(const std::vector<SocketAddress>& replicas) {
  std::vector<Endpoint> endpoints;
  for (const SocketAddress& replica : replicas) endpoints.push_back({.address = replica});
  Balancer balancer;
  balancer.update(std::move(endpoints),
                  {.type = Policy::Type::ring_hash,
                   .hash_params = {{.type = HashParam::Type::query_param, .name = "query"}}});
  std::map<std::uint32_t, std::size_t> queries;
  for (const char* const query : story_queries)
    ++queries[balancer.pick(Request{.url = "/?query=" + percent_encode(query)}).endpoint];
  return std::all_of(queries.begin(), queries.end(),
                     [](const auto& entry) { return entry.second <= most_queries; });
}

int PodNetwork::try_claim(std::uint8_t a, std::uint8_t b) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  at.sin_addr.s_addr =
      htonl((127u << 24) | (static_cast<std::uint32_t>(a) << 16) | (static_cast<std::uint32_t>(b) << 8) | 1u);
  if (socket >= 0 && ::bind(socket, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0 &&
      ::listen(socket, 1) == 0)
    return socket;
  if (socket >= 0) ::close(socket);
  return -1;
}

Result<PodNetwork> PodNetwork::claim_any() {
  int tried = 0;
  for (int a = 10; a < 250; ++a)
    for (int b = 0; b < 250; ++b) {
      const auto high = static_cast<std::uint8_t>(a), low = static_cast<std::uint8_t>(b);
      if (!suits(high, low)) continue;
      if (const int socket = try_claim(high, low); socket >= 0) return PodNetwork(high, low, socket);
      if (++tried == 64)
        return Error{ErrorKind::io,
                     fmt::format("none of {} loopback networks tried has port {} free: end other sandboxes, "
                                 "or name one with --pod-network 127.A.B",
                                 tried, port)};
    }
  return Error{ErrorKind::io, "no loopback network suits the sandbox's pods"};
}

Result<PodNetwork> PodNetwork::claim(const std::string& text) {
  const auto parsed = SocketAddress::parse(text + ".1", port);
  if (!parsed || parsed->ip[0] != 127 || text != fmt::format("127.{}.{}", parsed->ip[1], parsed->ip[2]))
    return Error{ErrorKind::usage,
                 fmt::format("pod network '{}' is not of the form 127.A.B, as in 127.20.3", text)};
  if (const int socket = try_claim(parsed->ip[1], parsed->ip[2]); socket >= 0)
    return PodNetwork(parsed->ip[1], parsed->ip[2], socket);
  return Error{ErrorKind::io,
               fmt::format("pod network {} is taken (port {} of {}.1): name another, or none to have a free "
                           "one chosen",
                           text, port, text)};
}

PodNetwork::PodNetwork(PodNetwork&& other) noexcept
    : a_(other.a_), b_(other.b_), claim_(std::exchange(other.claim_, -1)) {}

PodNetwork::~PodNetwork() {
  if (claim_ >= 0) ::close(claim_);
}

SocketAddress PodNetwork::pod(std::uint32_t index) const {
  return address(a_, b_, static_cast<std::uint8_t>(10 + index));
}

std::string PodNetwork::to_string() const {
  return fmt::format("127.{}.{}.0/24", a_, b_);
}

}  // namespace junction::sandbox
