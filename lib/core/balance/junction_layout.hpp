#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "junction/implementation.hpp"

namespace junction {

/// What Rust's Hash writes in front of an address's octets: nothing since Rust 1.82, their number before
/// (rust-lang/rust pull request 128946).
enum class RustLayout { plain, length_prefixed };

/// Junction's ring: max(ceil(min_ring_size / n), 1) entries for each of n endpoints, whatever their weights.
Placement junction_placement(std::span<const Endpoint> endpoints, const PlacementOptions& options,
                             RustLayout layout);

/// The bytes hashed for one entry.
std::string junction_entry_bytes(const SocketAddress& address, std::uint64_t replica, RustLayout layout);

/// Fails only where the ring would be larger than can be built here; Junction itself has no limit.
Result<void> check_junction(std::span<const Endpoint> endpoints, const PlacementOptions& options);

}  // namespace junction
