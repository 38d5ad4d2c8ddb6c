#include "core/bulk/plain_keys.hpp"

#include <cstring>
#include <utility>

#include "core/balance/clones.hpp"
#include "core/balance/little_endian.hpp"
#include "core/balance/short_xxh64.hpp"

namespace junction {
namespace {

using Words = std::array<std::array<std::uint64_t, KeyBatch::capacity>, 4>;

// The hash of `Size` bytes, the last of them 0xFF whatever lies there, from the words of key `i`.
template <std::size_t Size>
[[gnu::always_inline]] inline std::uint64_t hash_of(const Words& words, std::size_t i) {
  ShortXxh64 hash(Size);
  constexpr std::size_t whole = Size / 8, rest = Size % 8;
  constexpr std::uint64_t closing = std::uint64_t{0xFF} << (8 * ((Size - 1) % 8));
#pragma GCC unroll 4
  for (std::size_t k = 0; k < whole; ++k)
    hash.eight(words[k][i] | (k + 1 == whole && rest == 0 ? closing : 0));
  if constexpr (rest != 0) {
    const std::uint64_t last = words[whole][i] | closing;
    if constexpr (rest >= 4) hash.four(static_cast<std::uint32_t>(last));
#pragma GCC unroll 4
    for (std::size_t k = rest / 4 * 4; k < rest; ++k) hash.one(static_cast<std::uint8_t>(last >> (8 * k)));
  }
  return hash.finish();
}

// Words of one rank lie side by side, so that the compiler makes the second loop hash several keys at once
// where the processor multiplies several words at once.
template <std::size_t Length>
[[gnu::always_inline]] inline void hash_all(const KeyBatch& batch, std::uint64_t* hashes) {
  Words words;
  for (std::size_t i = 0; i < KeyBatch::capacity; ++i)
#pragma GCC unroll 4
    for (std::size_t k = 0; k < Length / 8 + 1; ++k) words[k][i] = get_le64(batch.keys[i] + 8 * k);
  for (std::size_t i = 0; i < KeyBatch::capacity; ++i) hashes[i] = hash_of<Length + 1>(words, i);
}

template <std::size_t... Shorter>
[[gnu::always_inline]] inline void hash_any(const KeyBatch& batch, std::size_t length, std::uint64_t* hashes,
                                            std::index_sequence<Shorter...>) {
  (void)((length == Shorter + 1 && (hash_all<Shorter + 1>(batch, hashes), true)) || ...);
}

}  // namespace

JUNCTION_CLONES void hash_batch(const KeyBatch& batch, std::size_t length, std::uint64_t* hashes) {
  hash_any(batch, length, hashes, std::make_index_sequence<KeyBatch::longest_key>());
}

}  // namespace junction
