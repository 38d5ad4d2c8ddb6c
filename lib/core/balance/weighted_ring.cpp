#include "core/balance/weighted_ring.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "core/balance/murmur_hash.hpp"
#include "junction/hash.hpp"

namespace junction {
namespace {

std::uint64_t hash_of(std::string_view bytes, KeyHash hash) {
  return hash == KeyHash::murmur2 ? murmur2_64(bytes, envoy_murmur_seed) : xxh64(bytes);
}

void push_entries(std::vector<RingEntry>& entries, const Weighted& endpoint, std::uint32_t count,
                  KeyHash hash) {
  std::string bytes = endpoint.key + '_';
  const std::size_t prefix = bytes.size();
  for (std::uint32_t replica = 0; replica < count; ++replica) {
    const fmt::format_int digits(replica);
    bytes.resize(prefix);
    bytes.append(digits.data(), digits.size());
    entries.push_back({hash_of(bytes, hash), endpoint.endpoint, replica});
  }
}

}  // namespace

RingSizes grpc_ring_sizes(const PlacementOptions& options) {
  constexpr std::uint64_t cap = 4096;
  return {std::min<std::uint64_t>(options.min_ring_size, cap), std::min(options.max_ring_size, cap)};
}

Ring weighted_ring(std::span<const Weighted> endpoints, RingSizes sizes, KeyHash hash, RingOrder order) {
  if (endpoints.empty()) return {};
  std::uint64_t sum = 0, lightest = endpoints.front().weight;
  for (const Weighted& endpoint : endpoints) {
    sum += endpoint.weight;
    lightest = std::min(lightest, endpoint.weight);
  }
  // All in doubles, step by step as the originals do: rounding decides who gets the odd entry.
  const auto part = [&](std::uint64_t weight) {
    return static_cast<double>(weight) / static_cast<double>(sum);
  };
  const double least = part(lightest);
  const double scale =
      std::min(std::ceil(least * static_cast<double>(sizes.min)) / least, static_cast<double>(sizes.max));
  if (!(scale <= static_cast<double>(max_placement_size))) return {};

  std::vector<RingEntry> entries;
  entries.reserve(static_cast<std::size_t>(std::ceil(scale)) + 1);
  double made = 0, target = 0;
  for (const Weighted& endpoint : endpoints) {
    target += scale * part(endpoint.weight);
    const double count = std::max(std::ceil(target - made), 0.0);
    push_entries(entries, endpoint, static_cast<std::uint32_t>(count), hash);
    made += count;
  }
  return Ring(std::move(entries), order);
}

}  // namespace junction
