#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/balance/entry_keys.hpp"
#include "core/balance/implementations/list.hpp"
#include "core/balance/request_hash.hpp"
#include "core/balance/weighted_ring.hpp"

namespace junction {
namespace {

// An IPv4 address written as IPv6 (::ffff:a.b.c.d) is an Inet4Address in Java.
bool is_mapped_v4(const SocketAddress& address) {
  constexpr std::array<std::uint8_t, 12> prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return address.family == SocketAddress::Family::v6 &&
         std::equal(prefix.begin(), prefix.end(), address.ip.begin());
}

SocketAddress as_java_sees(SocketAddress address) {
  if (!is_mapped_v4(address)) return address;
  SocketAddress v4{.port = address.port};
  std::copy_n(address.ip.begin() + 12, 4, v4.ip.begin());
  return v4;
}

/// InetSocketAddress.toString() of JDK 14 and later: "/10.0.0.1:80", "/[fd00:0:0:0:0:0:0:1]:80". Zeros are
/// not compressed.
std::string java_key(const SocketAddress& given) {
  const SocketAddress address = as_java_sees(given);
  if (address.family == SocketAddress::Family::v4) return '/' + address.to_string();
  std::string text = "/[";
  for (std::size_t i = 0; i < 16; i += 2)
    text += fmt::format("{}{:x}", i == 0 ? "" : ":", address.ip[i] * 256 + address.ip[i + 1]);
  if (address.scope_id != 0) text += fmt::format("%{}", address.scope_id);
  return text + fmt::format("]:{}", address.port);
}

/// hashCode() of the EquivalentAddressGroup that holds this one address: List, InetSocketAddress,
/// Inet4Address or Inet6Address, each as the JDK defines it, in wrapping 32-bit arithmetic.
std::uint32_t java_hash_code(const SocketAddress& given) {
  const SocketAddress address = as_java_sees(given);
  const std::size_t words = address.family == SocketAddress::Family::v4 ? 1 : 4;
  std::uint32_t hash = 0;
  for (std::size_t word = 0; word < words; ++word) {
    std::uint32_t component = 0;  // bytes are signed in Java
    for (std::size_t i = 0; i < 4; ++i) {
      const std::uint8_t byte = address.ip[word * 4 + i];
      component =
          (component << 8) + (words == 1 ? byte : static_cast<std::uint32_t>(static_cast<std::int8_t>(byte)));
    }
    hash += component;
  }
  return 31 + hash + address.port;
}

/// The order in which a java.util.HashMap with these keys, put in this order, is walked: by bucket, and
/// within one as put. (Buckets of eight or more, which Java turns into trees, keep that order nearly always.)
void sort_as_hash_map(std::vector<Weighted>& hosts, std::span<const Endpoint> endpoints) {
  std::uint32_t capacity = 16;
  while (hosts.size() > capacity / 4 * 3) capacity *= 2;
  const auto bucket = [&](const Weighted& host) {
    const std::uint32_t code = java_hash_code(endpoints[host.endpoint].address);
    return (code ^ (code >> 16)) & (capacity - 1);
  };
  std::stable_sort(hosts.begin(), hosts.end(),
                   [&](const Weighted& a, const Weighted& b) { return bucket(a) < bucket(b); });
}

// (hash << 1) | (hash >> 63) on a signed long: the shift to the right drags the sign along, so what was meant
// as a rotation yields all ones once the top bit is set.
std::uint64_t java_rotate(std::uint64_t hash) {
  return (hash << 1) | (hash >> 63 != 0 ? ~std::uint64_t{0} : 0);
}

/// gRPC for Java: the ring is filled in a HashMap's order, sorted as signed numbers, and what lies beyond its
/// last entry goes to the last. Keys begin with '/', so no entry is where the other clients have it. Source:
/// grpc-java xds/src/main/java/io/grpc/xds/RingHashLoadBalancer.java, XdsNameResolver.java.
class GrpcJava final : public Implementation {
 public:
  [[nodiscard]] std::string_view name() const override { return "grpc-java"; }
  [[nodiscard]] std::string_view summary() const override { return "gRPC's ring_hash in Java"; }

  [[nodiscard]] Placement place(std::span<const Endpoint> endpoints,
                                const PlacementOptions& options) const override {
    std::vector<Weighted> hosts;
    std::map<SocketAddress, std::size_t> seen;
    for (std::uint32_t i = 0; i < endpoints.size(); ++i) {
      const auto [at, first] = seen.emplace(as_java_sees(endpoints[i].address), hosts.size());
      if (first) {
        hosts.push_back({java_key(endpoints[i].address), i, effective_weight(endpoints[i])});
      } else {
        hosts[at->second].weight += effective_weight(endpoints[i]);
      }
    }
    sort_as_hash_map(hosts, endpoints);
    return Placement(weighted_ring(hosts, grpc_ring_sizes(options), KeyHash::xxh64, RingOrder::signed_line));
  }

  [[nodiscard]] Result<void> check(std::span<const Endpoint> endpoints,
                                   const PlacementOptions& options) const override {
    std::set<SocketAddress> seen;
    for (const Endpoint& endpoint : endpoints)
      if (!seen.insert(as_java_sees(endpoint.address)).second)
        return Error{ErrorKind::invalid,
                     fmt::format("grpc-java refuses duplicate addresses: {} is listed twice",
                                 endpoint.address.to_string())};
    if (auto sizes = check_ring_sizes("grpc-java", options); !sizes) return sizes;
    return check_weights("grpc-java", endpoints);
  }

  [[nodiscard]] std::string entry_bytes(const Endpoint& endpoint, std::uint32_t replica,
                                        const PlacementOptions&) const override {
    return fmt::format("{}_{}", java_key(endpoint.address), replica);
  }

  [[nodiscard]] std::optional<std::uint64_t> hash(const Request& request, std::span<const HashParam> params,
                                                  std::vector<HashStep>* steps) const override {
    return walk_policies({.evaluate = grpc_header_value,
                          .applies = grpc_applies,
                          .unknown = is_unknown_to_grpc,
                          .rotate = java_rotate},
                         request, params, steps);
  }
};

}  // namespace

const Implementation& grpc_java_implementation() {
  static const GrpcJava grpc;
  return grpc;
}

}  // namespace junction
