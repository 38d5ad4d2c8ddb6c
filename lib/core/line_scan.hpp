#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace junction {

/// Bits of 64 bytes, the first byte's lowest: where lines end, and where there is a byte that may make its
/// line more than a plain value: a quote or carriage return, or anything not ASCII.
struct LineBits {
  std::uint64_t ends = 0;
  std::uint64_t special = 0;
};

#if defined(__SSE2__)

inline LineBits line_bits(const char* bytes) {
  const auto is = [](__m128i word, char c) { return _mm_cmpeq_epi8(word, _mm_set1_epi8(c)); };
  const auto bits = [](__m128i mask) {
    return std::uint64_t{static_cast<std::uint32_t>(_mm_movemask_epi8(mask))};
  };
  LineBits found;
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    const __m128i word = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 16 * i));
    const __m128i special = _mm_or_si128(_mm_or_si128(is(word, '"'), is(word, '\r')), word);
    found.ends |= bits(is(word, '\n')) << (16 * i);
    found.special |= bits(special) << (16 * i);  // of `word` the top bits count: not ASCII
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

/// True where a line without special bytes may still be more than a bare value, going by its first byte: a
/// target, JSON, nothing but spaces, "http..." or the level that uvicorn begins its lines with.
inline bool needs_a_look(char first) {
  constexpr auto bits = [](std::string_view letters) {
    std::uint64_t set = 0;
    for (const char letter : letters) set |= std::uint64_t{1} << (letter - '@');
    return set;
  };
  constexpr std::uint64_t letters = bits("hHIWEDCT");
  if (first < '@') return first <= ' ' || first == '/';
  return (letters >> (first - '@') & 1) != 0 || first == '{';
}

/// True where classify_line() says so; for the few lines whose first byte needs a look.
bool is_bare_value(std::string_view line);

/// How many bytes behind a text for_each_line() may read.
inline constexpr std::size_t line_scan_slack = 64;

/// Calls plain(first, length) or other(line) for each line of a text that ends in a line end; lines come
/// without it. Those for plain() are bare ASCII values (see classify_line) of 1 to `longest` bytes. Returns
/// the number of lines. REQUIRES: line_scan_slack readable bytes behind the text.
template <typename Plain, typename Other>
std::size_t for_each_line(std::string_view text, std::size_t longest, Plain plain, Other other) {
  const char* line = text.data();
  const char* const end_of_text = text.data() + text.size();
  std::size_t lines = 0;
  bool special_before = false;  // in the part of the line that lies in earlier words
  for (const char* word = line; word < end_of_text; word += 64) {
    LineBits bits = line_bits(word);
    if (end_of_text - word < 64) bits.ends &= (std::uint64_t{1} << (end_of_text - word)) - 1;
    if (special_before) bits.special |= 1;
    for (; bits.ends != 0; bits.ends &= bits.ends - 1, ++lines) {
      const char* const end = word + std::countr_zero(bits.ends);
      const auto length = static_cast<std::size_t>(end - line);
      const std::uint64_t in_line = bits.ends ^ (bits.ends - 1);  // up to and with the line's end
      if ((bits.special & in_line) == 0 && length - 1 < longest &&
          (!needs_a_look(*line) || is_bare_value({line, length}))) [[likely]] {
        plain(line, length);
      } else {
        other(std::string_view(line, length));
        bits.special &= ~in_line;
      }
      line = end + 1;
    }
    special_before = bits.special != 0;
  }
  return lines;
}

}  // namespace junction
