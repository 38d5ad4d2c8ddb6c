#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "junction/implementation.hpp"

namespace junction {

/// Junction's request hash: every policy in order, rotate_left(old, 1) ^ new. See Implementation::hash.
/// Source: junction-client crates/junction-core/src/hash.rs and load_balancer.rs@f97d3db.
std::optional<std::uint64_t> hash_as_junction(const Request& request, std::span<const HashParam> params,
                                              std::vector<HashStep>* steps);

}  // namespace junction
