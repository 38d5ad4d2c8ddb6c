#include "core/balance/murmur_hash.hpp"

#include <cstddef>

namespace junction {
namespace {

constexpr std::uint64_t multiplier = 0xc6a4a7935bd1e995;

std::uint64_t fold(std::uint64_t x) {
  return x ^ (x >> 47);
}

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    word |= std::uint64_t{static_cast<std::uint8_t>(bytes[i])} << (8 * i);
  return word;
}

}  // namespace

std::uint64_t murmur2_64(std::string_view bytes, std::uint64_t seed) {
  std::uint64_t hash = seed ^ (bytes.size() * multiplier);
  for (; bytes.size() >= 8; bytes.remove_prefix(8))
    hash = (hash ^ (fold(little_endian(bytes.substr(0, 8)) * multiplier) * multiplier)) * multiplier;
  if (!bytes.empty()) hash = (hash ^ little_endian(bytes)) * multiplier;
  return fold(fold(hash) * multiplier);
}

}  // namespace junction
