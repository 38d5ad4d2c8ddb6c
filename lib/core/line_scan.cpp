#include "core/line_scan.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace junction {

#if defined(__SSE2__)

LineBits line_bits(const char* bytes) {
  const auto is = [](__m128i word, char c) { return _mm_cmpeq_epi8(word, _mm_set1_epi8(c)); };
  const auto bits = [](__m128i mask) { return static_cast<std::uint64_t>(_mm_movemask_epi8(mask)); };
  LineBits found;
  for (int i = 0; i < 4; ++i) {
    const __m128i word = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 16 * i));
    const __m128i special = _mm_or_si128(
        _mm_or_si128(_mm_or_si128(is(word, '"'), is(word, '{')), _mm_or_si128(is(word, '/'), is(word, ':'))),
        _mm_or_si128(_mm_or_si128(is(word, '\t'), is(word, '\r')), word));  // the top bit: not ASCII
    found.ends |= bits(is(word, '\n')) << (16 * i);
    found.special |= bits(special) << (16 * i);
  }
  return found;
}

#else

LineBits line_bits(const char* bytes) {
  LineBits found;
  for (int i = 0; i < 64; ++i) {
    const char c = bytes[i];
    const bool special = c == '"' || c == '{' || c == '/' || c == ':' || c == '\t' || c == '\r' ||
                         static_cast<unsigned char>(c) >= 0x80;
    found.ends |= std::uint64_t{c == '\n'} << i;
    found.special |= std::uint64_t{special} << i;
  }
  return found;
}

#endif

}  // namespace junction
