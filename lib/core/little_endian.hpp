#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

namespace junction {

/// Writes `value` at `to`, least significant byte first, and returns the byte after it.
template <std::unsigned_integral T>
std::uint8_t* put_le(std::uint8_t* to, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) *to++ = static_cast<std::uint8_t>(value >> (8 * i));
  return to;
}

}  // namespace junction
