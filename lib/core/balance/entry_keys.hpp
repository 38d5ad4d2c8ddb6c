#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "junction/endpoint.hpp"
#include "junction/implementation.hpp"

namespace junction {

/// What Envoy knows a host by: hash_key, else the hostname where that is asked for, else "ip:port".
/// Source: Envoy thread_aware_lb_impl.h, hashKey().
std::string envoy_key(const Endpoint& endpoint, const PlacementOptions& options);

/// What gRPC knows an endpoint by: hash_key (gRFC A76), else "ip:port" of its first address.
std::string grpc_key(const Endpoint& endpoint);

/// An endpoint on its way into a ring or table.
struct Weighted {
  std::string key;
  std::uint32_t endpoint = 0;  ///< index into the endpoints as given
  std::uint64_t weight = 1;
};

std::uint64_t effective_weight(const Endpoint& endpoint);

/// Fails where the weights add up to more than 2^32 - 1, which every xDS client refuses; `who` begins the
/// message.
Result<void> check_weights(std::string_view who, std::span<const Endpoint> endpoints);

/// Fails unless 1 <= min <= max <= 8388608, the bounds of xDS; `who` begins the message.
Result<void> check_ring_sizes(std::string_view who, const PlacementOptions& options);

}  // namespace junction
