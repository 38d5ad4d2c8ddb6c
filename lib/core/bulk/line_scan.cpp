#include "core/bulk/line_scan.hpp"

#include "core/balance/clones.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace junction {
namespace {

/// Bits of 64 bytes, the first byte's lowest.
struct LineBits {
  std::uint64_t ends = 0;
  std::uint64_t special = 0;
};

#if defined(__SSE2__)

[[gnu::always_inline]] inline LineBits line_bits(const char* bytes) {
  const __m128i end = _mm_set1_epi8('\n'), quote = _mm_set1_epi8('"'), carriage = _mm_set1_epi8('\r');
  LineBits found;
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    const __m128i word = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 16 * i));
    const __m128i special =  // of the word itself the top bits count: not ASCII
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(word, quote), _mm_cmpeq_epi8(word, carriage)), word);
    const auto end_bits = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(word, end)));
    const auto special_bits = static_cast<std::uint32_t>(_mm_movemask_epi8(special));
    found.ends |= std::uint64_t{end_bits} << (16 * i);
    found.special |= std::uint64_t{special_bits} << (16 * i);
  }
  return found;
}

#else

inline LineBits line_bits(const char* bytes) {
  LineBits found;
  for (int i = 0; i < 64; ++i) {
    const char c = bytes[i];
    const bool special = c == '"' || c == '\r' || static_cast<unsigned char>(c) >= 0x80;
    found.ends |= std::uint64_t{c == '\n'} << i;
    found.special |= std::uint64_t{special} << i;
  }
  return found;
}

#endif

// Writes the positions of the set bits, eight at a time whether there are as many or not: a loop that ran
// once for each would be mispredicted for nearly every word.
[[gnu::always_inline]] inline std::uint16_t* put_positions(std::uint64_t bits, std::size_t base,
                                                           std::uint16_t* to) {
  constexpr std::uint64_t never_zero = std::uint64_t{1} << 63;  // or else counting zeros takes a branch
  std::uint16_t* const behind = to + std::popcount(bits);
  while (bits != 0) {
#pragma GCC unroll 8
    for (int i = 0; i < 8; ++i) {
      to[i] = static_cast<std::uint16_t>(base + static_cast<unsigned>(std::countr_zero(bits | never_zero)));
      bits &= bits - 1;
    }
    to += 8;
  }
  return behind;
}

}  // namespace

JUNCTION_CLONES void mark_lines(std::string_view piece, LineMarks& marks) {
  std::uint16_t* end = marks.ends.data();
  std::uint16_t* special = marks.specials.data();
  for (std::size_t base = 0; base < piece.size(); base += 64) {
    const LineBits bits = line_bits(piece.data() + base);
    const std::size_t left = piece.size() - base;
    const std::uint64_t valid = left < 64 ? (std::uint64_t{1} << left) - 1 : ~std::uint64_t{0};
    end = put_positions(bits.ends & valid, base, end);
    special = put_positions(bits.special & valid, base, special);
  }
  *end = *special = LineMarks::none;
  marks.end_count = static_cast<std::size_t>(end - marks.ends.data());
}

}  // namespace junction
