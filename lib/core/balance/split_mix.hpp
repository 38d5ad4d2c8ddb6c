#pragma once

#include <cstdint>

namespace junction {

/// A random number per value of a counter; neighbours are independent. Source: Steele, Lea, Flood, "Fast
/// splittable pseudorandom number generators", OOPSLA 2014 (SplitMix64).
constexpr std::uint64_t split_mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/// The same as a number in [0, 1), with all the 53 bits that a double holds.
constexpr double split_mix_unit(std::uint64_t x) {
  return static_cast<double>(split_mix(x) >> 11) * 0x1p-53;
}

}  // namespace junction
