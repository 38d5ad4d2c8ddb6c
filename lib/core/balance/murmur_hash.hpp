#pragma once

#include <cstdint>
#include <string_view>

namespace junction {

/// MurmurHash2 for 64-bit machines ("MurmurHash64A"). Source: Austin Appleby, SMHasher, MurmurHash2.cpp.
std::uint64_t murmur2_64(std::string_view bytes, std::uint64_t seed);

/// The seed Envoy uses for its ring. Source: Envoy source/common/common/hash.h.
inline constexpr std::uint64_t envoy_murmur_seed = 0xc70f6907;

}  // namespace junction
