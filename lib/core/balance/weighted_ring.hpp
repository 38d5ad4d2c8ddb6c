#pragma once

#include <cstdint>
#include <span>

#include "core/balance/entry_keys.hpp"
#include "junction/implementation.hpp"
#include "junction/ring.hpp"

namespace junction {

struct RingSizes {
  std::uint64_t min = 1024;
  std::uint64_t max = 8388608;
};

/// Both sizes capped as gRPC caps them (GRPC_RING_HASH_CAP, by default 4096).
RingSizes grpc_ring_sizes(const PlacementOptions& options);

/// The ring of Envoy and gRPC: as many entries "<key>_<i>" for each endpoint, in the order given, as its
/// weight has it coming, the lightest a whole number of them unless `max` forbids. Empty beyond
/// max_placement_size. Source: Envoy ring_hash_lb.cc, Ring::Ring; gRFC A42.
Ring weighted_ring(std::span<const Weighted> endpoints, RingSizes sizes, KeyHash hash = KeyHash::xxh64,
                   RingOrder order = RingOrder::unsigned_circle);

}  // namespace junction
