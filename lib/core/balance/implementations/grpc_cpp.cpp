#include <fmt/format.h>

#include <map>

#include "core/balance/entry_keys.hpp"
#include "core/balance/implementations/list.hpp"
#include "core/balance/request_hash.hpp"
#include "core/balance/weighted_ring.hpp"

namespace junction {
namespace {

/// gRPC for C++ (and the languages on top of it, Python among them): fills the ring in the order of the list,
/// and gives an address listed twice the sum of its weights. Source: gRPC
/// src/core/load_balancing/ring_hash/ring_hash.cc, src/core/resolver/xds/xds_resolver.cc.
class GrpcCpp final : public Implementation {
 public:
  [[nodiscard]] std::string_view name() const override { return "grpc-cpp"; }
  [[nodiscard]] std::string_view summary() const override {
    return "gRPC's ring_hash in C++, Python, Ruby, PHP";
  }

  [[nodiscard]] Placement place(std::span<const Endpoint> endpoints,
                                const PlacementOptions& options) const override {
    std::vector<Weighted> hosts;
    std::map<SocketAddress, std::size_t> seen;
    for (std::uint32_t i = 0; i < endpoints.size(); ++i) {
      const auto [at, first] = seen.emplace(endpoints[i].address, hosts.size());
      if (first) {
        hosts.push_back({grpc_key(endpoints[i]), i, effective_weight(endpoints[i])});
      } else {
        hosts[at->second].weight += effective_weight(endpoints[i]);
      }
    }
    return Placement(weighted_ring(hosts, grpc_ring_sizes(options)));
  }

  [[nodiscard]] Result<void> check(std::span<const Endpoint> endpoints,
                                   const PlacementOptions& options) const override {
    if (auto sizes = check_ring_sizes("grpc-cpp", options); !sizes) return sizes;
    return check_weights("grpc-cpp", endpoints);
  }

  [[nodiscard]] std::string entry_bytes(const Endpoint& endpoint, std::uint32_t replica,
                                        const PlacementOptions&) const override {
    return fmt::format("{}_{}", grpc_key(endpoint), replica);
  }

  [[nodiscard]] std::optional<std::uint64_t> hash(const Request& request, std::span<const HashParam> params,
                                                  std::vector<HashStep>* steps) const override {
    return walk_policies(
        {.evaluate = grpc_header_value, .applies = grpc_applies, .unknown = is_unknown_to_grpc}, request,
        params, steps);
  }
};

}  // namespace

const Implementation& grpc_cpp_implementation() {
  static const GrpcCpp grpc;
  return grpc;
}

}  // namespace junction
