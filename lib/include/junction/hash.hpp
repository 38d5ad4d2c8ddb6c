#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "junction/export.hpp"

namespace junction {

/// XXH64 of `bytes`. Junction, Envoy and gRPC all hash with it (seed 0 unless they chain).
JUNCTION_EXPORT std::uint64_t xxh64(std::string_view bytes, std::uint64_t seed = 0);

/// A hash the way the suite prints it everywhere: 16 lower-case hex digits.
JUNCTION_EXPORT std::string hex64(std::uint64_t hash);

}  // namespace junction
