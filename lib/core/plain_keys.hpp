#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>

#include "core/short_xxh64.hpp"

namespace junction {

/// Hashes short keys, each as if followed by the byte 0xFF, where they lie: the byte behind each must be
/// readable. Keys are set aside by length, so that many of one length are hashed one behind the other,
/// without a branch between them that depends on the data. Hands over batches as sink(std::span<const
/// std::uint64_t> hashes, const char* const* keys, std::size_t length), in no particular order.
template <typename Sink>
class PlainKeys {
 public:
  static constexpr std::size_t longest = 30;  ///< with 0xFF, below 32 bytes
  static constexpr std::size_t batch = 64;

  explicit PlainKeys(Sink& sink) : sink_(sink) {}

  void add(const char* key, std::size_t length) {
    const std::size_t count = counts_[length];
    keys_[length * batch + count] = key;
    counts_[length] = count + 1;
    if (count + 1 == batch) [[unlikely]]
      flush(length);
  }

  void flush() {
    for (std::size_t length = 0; length <= longest; ++length) flush(length);
  }

 private:
  template <typename Word>
  static Word load(const char* from) {  // a word of the key, least significant byte first
    Word word;
    std::memcpy(&word, from, sizeof word);
    if constexpr (std::endian::native == std::endian::little) return word;
    Word swapped = 0;
    for (std::size_t i = 0; i < sizeof word; ++i)
      swapped = static_cast<Word>(swapped << 8 | (word >> (8 * i) & 0xFF));
    return swapped;
  }

  // The hash of `Size` bytes, the last of them 0xFF whatever lies there.
  template <std::size_t Size>
  static std::uint64_t hash(const char* key) {
    ShortXxh64 hash(Size);
    std::size_t at = 0;
    for (; at + 8 <= Size; at += 8) {
      const std::uint64_t closing = at + 8 == Size ? std::uint64_t{0xFF} << 56 : 0;
      hash.eight(load<std::uint64_t>(key + at) | closing);
    }
    if (at + 4 <= Size) {
      const std::uint32_t closing = at + 4 == Size ? std::uint32_t{0xFF} << 24 : 0;
      hash.four(load<std::uint32_t>(key + at) | closing);
      at += 4;
    }
    for (; at < Size; ++at) hash.one(at + 1 == Size ? 0xFF : static_cast<std::uint8_t>(key[at]));
    return hash.finish();
  }

  template <std::size_t Length>
  static void hash_all(std::span<const char* const> keys, std::uint64_t* hashes) {
    for (std::size_t i = 0; i < keys.size(); ++i) hashes[i] = hash<Length + 1>(keys[i]);
  }

  template <std::size_t... Length>
  static constexpr auto make_table(std::index_sequence<Length...>) {
    return std::array{&hash_all<Length>...};
  }

  [[gnu::noinline]] void flush(std::size_t length) {
    static constexpr auto by_length = make_table(std::make_index_sequence<longest + 1>());
    const std::span<const char* const> keys(keys_.data() + length * batch, counts_[length]);
    if (keys.empty()) return;
    by_length[length](keys, hashes_.data());
    sink_(std::span<const std::uint64_t>(hashes_.data(), keys.size()), keys.data(), length);
    counts_[length] = 0;
  }

  Sink& sink_;
  std::array<std::size_t, longest + 1> counts_{};  ///< of the keys of each length that wait
  std::array<const char*, (longest + 1) * batch> keys_{};
  std::array<std::uint64_t, batch> hashes_{};
};

}  // namespace junction
