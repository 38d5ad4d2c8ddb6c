#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace junction {

/// XXH64 of fewer than 32 bytes, fed in words that need not lie in memory one behind the other. For hot loops
/// over inputs of a known length, where a call to the library costs more than the hash: feed eight bytes at a
/// time, then four if there are as many left, then single ones. Everything else calls xxh64(). Source:
/// xxHash, doc/xxhash_spec.md, section "XXH64 algorithm description".
class ShortXxh64 {
 public:
  explicit constexpr ShortXxh64(std::size_t length) : state_(prime5 + length) {}

  constexpr void eight(std::uint64_t word) {
    state_ ^= std::rotl(word * prime2, 31) * prime1;
    state_ = std::rotl(state_, 27) * prime1 + prime4;
  }

  constexpr void four(std::uint32_t word) {
    state_ ^= word * prime1;
    state_ = std::rotl(state_, 23) * prime2 + prime3;
  }

  constexpr void one(std::uint8_t byte) {
    state_ ^= byte * prime5;
    state_ = std::rotl(state_, 11) * prime1;
  }

  [[nodiscard]] constexpr std::uint64_t finish() const {
    std::uint64_t hash = state_;
    hash = (hash ^ (hash >> 33)) * prime2;
    hash = (hash ^ (hash >> 29)) * prime3;
    return hash ^ (hash >> 32);
  }

 private:
  static constexpr std::uint64_t prime1 = 0x9E3779B185EBCA87;
  static constexpr std::uint64_t prime2 = 0xC2B2AE3D27D4EB4F;
  static constexpr std::uint64_t prime3 = 0x165667B19E3779F9;
  static constexpr std::uint64_t prime4 = 0x85EBCA77C2B2AE63;
  static constexpr std::uint64_t prime5 = 0x27D4EB2F165667C5;

  std::uint64_t state_;
};

}  // namespace junction
