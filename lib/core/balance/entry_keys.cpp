#include "core/balance/entry_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace junction {

std::string envoy_key(const Endpoint& endpoint, const PlacementOptions& options) {
  if (!endpoint.hash_key.empty()) return endpoint.hash_key;
  // An endpoint without a hostname hashes as the empty one: Envoy does not fall back on the address.
  return options.use_hostname_for_hashing ? endpoint.hostname : endpoint.address.to_string();
}

std::string grpc_key(const Endpoint& endpoint) {
  return endpoint.hash_key.empty() ? endpoint.address.to_string() : endpoint.hash_key;
}

std::uint64_t effective_weight(const Endpoint& endpoint) {
  return std::max<std::uint64_t>(endpoint.weight, 1);
}

Result<void> check_weights(std::string_view who, std::span<const Endpoint> endpoints) {
  std::uint64_t sum = 0;
  for (const Endpoint& endpoint : endpoints) sum += effective_weight(endpoint);
  if (sum <= std::numeric_limits<std::uint32_t>::max()) return {};
  return Error{
      ErrorKind::invalid,
      fmt::format("{} refuses these endpoints: their weights add up to {}, more than 4294967295", who, sum)};
}

Result<void> check_ring_sizes(std::string_view who, const PlacementOptions& options) {
  constexpr std::uint64_t limit = 8388608;
  const auto refuse = [&](std::string_view name, std::uint64_t size) {
    return Error{ErrorKind::invalid, fmt::format("{} refuses {} {}: write 1 to {}", who, name, size, limit)};
  };
  if (options.min_ring_size < 1 || options.min_ring_size > limit)
    return refuse("min_ring_size", options.min_ring_size);
  if (options.max_ring_size < 1 || options.max_ring_size > limit)
    return refuse("max_ring_size", options.max_ring_size);
  if (options.min_ring_size <= options.max_ring_size) return {};
  return Error{ErrorKind::invalid, fmt::format("{} refuses min_ring_size {}: it is above max_ring_size {}",
                                               who, options.min_ring_size, options.max_ring_size)};
}

}  // namespace junction
