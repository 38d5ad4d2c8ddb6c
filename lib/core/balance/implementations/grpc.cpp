#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/balance/entry_keys.hpp"
#include "core/balance/implementations/list.hpp"
#include "core/balance/request_hash.hpp"
#include "core/balance/weighted_ring.hpp"

namespace junction {
namespace {

/// gRPC for Go: sorts endpoints by key before it fills the ring, and takes an address once (of duplicates it
/// keeps one at random; here the first). Source: grpc-go balancer/ringhash/ring.go,
/// balancer/endpointsharding, internal/xds/resolver/serviceconfig.go.
class GrpcGo final : public Implementation {
 public:
  [[nodiscard]] std::string_view name() const override { return "grpc"; }
  [[nodiscard]] std::string_view summary() const override { return "gRPC's ring_hash in Go"; }

  [[nodiscard]] Placement place(std::span<const Endpoint> endpoints,
                                const PlacementOptions& options) const override {
    std::vector<Weighted> hosts;
    std::set<SocketAddress> seen;
    for (std::uint32_t i = 0; i < endpoints.size(); ++i)
      if (seen.insert(endpoints[i].address).second)
        hosts.push_back({grpc_key(endpoints[i]), i, effective_weight(endpoints[i])});
    std::stable_sort(hosts.begin(), hosts.end(),
                     [](const Weighted& a, const Weighted& b) { return a.key < b.key; });
    return Placement(weighted_ring(hosts, grpc_ring_sizes(options)));
  }

  [[nodiscard]] Result<void> check(std::span<const Endpoint> endpoints,
                                   const PlacementOptions& options) const override {
    if (auto sizes = check_ring_sizes("grpc", options); !sizes) return sizes;
    return check_weights("grpc", endpoints);
  }

  [[nodiscard]] std::string entry_bytes(const Endpoint& endpoint, std::uint32_t replica,
                                        const PlacementOptions&) const override {
    return fmt::format("{}_{}", grpc_key(endpoint), replica);
  }

  // A header that is missing is passed over before terminal is looked at.
  [[nodiscard]] std::optional<std::uint64_t> hash(const Request& request, std::span<const HashParam> params,
                                                  std::vector<HashStep>* steps) const override {
    return walk_policies({.evaluate = grpc_header_value,
                          .applies = grpc_applies,
                          .unknown = is_unknown_to_grpc,
                          .stops = Stops::own_value},
                         request, params, steps);
  }
};

}  // namespace

const Implementation& grpc_implementation() {
  static const GrpcGo grpc;
  return grpc;
}

}  // namespace junction
