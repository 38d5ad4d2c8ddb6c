#include <fmt/format.h>

#include "core/balance/entry_keys.hpp"
#include "core/balance/implementations/list.hpp"
#include "core/balance/request_hash.hpp"
#include "core/balance/weighted_ring.hpp"

namespace junction {
namespace {

/// Envoy's ring_hash cluster. It keeps duplicates it is given (its EDS clusters drop them before, keeping the
/// first). Source: Envoy source/extensions/load_balancing_policies/ring_hash/ring_hash_lb.cc.
class Envoy final : public Implementation {
 public:
  [[nodiscard]] std::string_view name() const override { return "envoy"; }
  [[nodiscard]] std::string_view summary() const override { return "Envoy's ring_hash"; }

  [[nodiscard]] Placement place(std::span<const Endpoint> endpoints,
                                const PlacementOptions& options) const override {
    std::vector<Weighted> hosts;
    hosts.reserve(endpoints.size());
    for (const Endpoint& endpoint : endpoints)
      hosts.push_back({envoy_key(endpoint, options), static_cast<std::uint32_t>(hosts.size()),
                       effective_weight(endpoint)});
    return Placement(weighted_ring(hosts, {options.min_ring_size, options.max_ring_size}, options.key_hash));
  }

  [[nodiscard]] Result<void> check(std::span<const Endpoint> endpoints,
                                   const PlacementOptions& options) const override {
    if (auto sizes = check_ring_sizes("envoy", options); !sizes) return sizes;
    return check_weights("envoy", endpoints);
  }

  [[nodiscard]] std::string entry_bytes(const Endpoint& endpoint, std::uint32_t replica,
                                        const PlacementOptions& options) const override {
    return fmt::format("{}_{}", envoy_key(endpoint, options), replica);
  }

  [[nodiscard]] std::optional<std::uint64_t> hash(const Request& request, std::span<const HashParam> params,
                                                  std::vector<HashStep>* steps) const override {
    return hash_as_envoy(request, params, steps);
  }
};

}  // namespace

const Implementation& envoy_implementation() {
  static const Envoy envoy;
  return envoy;
}

}  // namespace junction
