#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace junction {

/// Where short keys lie: each is hashed in place, as if followed by the byte 0xFF.
struct KeyBatch {
  static constexpr std::size_t capacity = 64;
  static constexpr std::size_t longest_key = 30;  ///< with 0xFF, below 32 bytes
  static constexpr std::size_t slack = 8;         ///< how many bytes behind a key may be read

  std::array<const char*, capacity> keys;
};

/// XXH64 of all keys of a full batch, all of one length. REQUIRES: 1 <= length <= longest_key, and `slack`
/// readable bytes behind each key.
void hash_batch(const KeyBatch& batch, std::size_t length, std::uint64_t* hashes);

/// Sets short keys aside by length, so that many of one length are hashed together, without a branch between
/// them that depends on the data. Hands over batches as sink(std::span<const std::uint64_t> hashes, const
/// char* const* keys, std::size_t length), in no particular order.
template <typename Sink>
class PlainKeys {
 public:
  static constexpr std::size_t longest = KeyBatch::longest_key;

  explicit PlainKeys(Sink& sink) : sink_(sink) {}

  void add(const char* key, std::size_t length) {
    const std::size_t count = counts_[length];
    batches_[length].keys[count] = key;
    counts_[length] = count + 1;
    if (count + 1 == KeyBatch::capacity) [[unlikely]]
      flush(length);
  }

  void flush() {
    for (std::size_t length = 1; length <= longest; ++length)
      if (counts_[length] != 0) flush(length);
  }

 private:
  [[gnu::noinline]] void flush(std::size_t length) {
    KeyBatch& batch = batches_[length];
    for (std::size_t i = counts_[length]; i < KeyBatch::capacity; ++i) batch.keys[i] = batch.keys[0];
    hash_batch(batch, length, hashes_.data());
    sink_(std::span<const std::uint64_t>(hashes_.data(), counts_[length]), batch.keys.data(), length);
    counts_[length] = 0;
  }

  Sink& sink_;
  std::array<std::size_t, longest + 1> counts_{};  ///< of the keys of each length that wait
  std::array<KeyBatch, longest + 1> batches_;
  std::array<std::uint64_t, KeyBatch::capacity> hashes_;
};

}  // namespace junction
