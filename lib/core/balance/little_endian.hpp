#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace junction {

/// Writes `value` at `to`, least significant byte first, and returns the byte after it.
template <std::unsigned_integral T>
std::uint8_t* put_le(std::uint8_t* to, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) *to++ = static_cast<std::uint8_t>(value >> (8 * i));
  return to;
}

/// The eight bytes at `from` as a number, least significant byte first.
inline std::uint64_t get_le64(const char* from) {
  std::uint64_t word;
  std::memcpy(&word, from, sizeof word);
  if constexpr (std::endian::native == std::endian::little) return word;
  std::uint64_t swapped = 0;
  for (std::size_t i = 0; i < sizeof word; ++i) swapped = swapped << 8 | (word >> (8 * i) & 0xFF);
  return swapped;
}

}  // namespace junction
