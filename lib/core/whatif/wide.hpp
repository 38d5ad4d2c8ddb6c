#pragma once

#include <cstdint>

namespace junction {

/// Counts of hashes: there are 2^64 of them, which 64 bits do not hold, and the product of two counts is to
/// be exact as well.
__extension__ using Wide = unsigned __int128;

/// All hashes.
inline constexpr Wide hash_space = Wide{1} << 64;

/// The double next to part / whole where the whole is a power of two or below 2^53; within two of its last
/// bits otherwise.
constexpr double fraction(Wide part, Wide whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace junction
