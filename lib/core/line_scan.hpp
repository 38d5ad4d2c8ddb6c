#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace junction {

/// Bits of 64 bytes, the first byte's lowest: where lines end, and where there is a byte that makes its line
/// more than a plain value: a quote, brace, slash, colon, tab or carriage return, or anything not ASCII.
struct LineBits {
  std::uint64_t ends = 0;
  std::uint64_t special = 0;
};

/// REQUIRES: 64 readable bytes at `bytes`.
LineBits line_bits(const char* bytes);

/// How many bytes behind a text for_each_line() may read.
inline constexpr std::size_t line_scan_slack = 64;

/// Calls plain(line) or other(line) for each line of a text that ends in a line end; lines come without it.
/// Those for plain() are bare values for sure (see classify_line), or empty. Returns the number of lines.
/// REQUIRES: line_scan_slack readable bytes behind the text.
template <typename Plain, typename Other>
std::size_t for_each_line(std::string_view text, Plain plain, Other other) {
  const char* const first = text.data();
  std::size_t start = 0, lines = 0;
  bool special_before = false;  // in the part of the line that lies in earlier words
  for (std::size_t base = 0; base < text.size(); base += 64) {
    LineBits bits = line_bits(first + base);
    if (text.size() - base < 64) bits.ends &= (std::uint64_t{1} << (text.size() - base)) - 1;
    lines += static_cast<std::size_t>(std::popcount(bits.ends));
    for (; bits.ends != 0; bits.ends &= bits.ends - 1) {
      const std::uint64_t in_line = bits.ends ^ (bits.ends - 1);  // up to and with the line's end
      const std::size_t end = base + static_cast<std::size_t>(std::countr_zero(bits.ends));
      const std::string_view line(first + start, end - start);
      if (!special_before && (bits.special & in_line) == 0) [[likely]] {
        plain(line);
      } else {
        other(line);
      }
      special_before = false;
      bits.special &= ~in_line;
      start = end + 1;
    }
    special_before |= bits.special != 0;
  }
  return lines;
}

}  // namespace junction
