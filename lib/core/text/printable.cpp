#include "junction/printable.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text/utf8.hpp"

namespace junction {
namespace {

// The code point of a well-formed sequence.
char32_t code_point(std::string_view sequence) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]); };
  if (sequence.size() == 1) return byte(0);
  char32_t value = byte(0) & (0x7fU >> sequence.size());
  for (std::size_t i = 1; i < sequence.size(); ++i) value = value << 6 | (byte(i) & 0x3fU);
  return value;
}

// Characters of format that steer a terminal or hide. The two joiners (U+200C, U+200D) are spelling in
// Persian, in Indian scripts and in emoji, and stay.
bool is_hidden(char32_t c) {
  struct Range {
    char32_t first, last;
  };
  static constexpr Range ranges[] = {
      {0x7f, 0x9f},        // DEL and C1, among them CSI and OSC in one character
      {0x61c, 0x61c},      // Arabic letter mark
      {0x200b, 0x200b},    // zero width space
      {0x200e, 0x200f},    // left-to-right and right-to-left marks
      {0x2028, 0x202e},    // line and paragraph separators, embeddings and overrides
      {0x2060, 0x206f},    // word joiner, invisible operators, isolates, deprecated controls
      {0xfeff, 0xfeff},    // byte order mark
      {0xfff9, 0xfffb},    // interlinear annotations
      {0xe0000, 0xe007f},  // tags: a second, invisible ASCII
  };
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [c](const Range& range) { return c >= range.first && c <= range.last; });
}

bool plain(char c, Lines lines) {
  const auto byte = static_cast<unsigned char>(c);
  if (lines == Lines::kept && (c == '\n' || c == '\t')) return true;
  return byte >= 0x20 && byte < 0x7f;
}

void append_character(std::string& shown, std::string_view sequence, bool valid) {
  const char32_t c = valid ? code_point(sequence) : 0;
  if (!valid || c < 0x20)
    for (const char byte : sequence)
      fmt::format_to(std::back_inserter(shown), "\\x{:02x}", static_cast<unsigned char>(byte));
  else if (is_hidden(c) && c > 0xffff)  // as JSON writes it: two surrogates
    fmt::format_to(std::back_inserter(shown), "\\u{:04x}\\u{:04x}", 0xd7c0 + (c >> 10), 0xdc00 + (c & 0x3ff));
  else if (is_hidden(c))
    fmt::format_to(std::back_inserter(shown), "\\u{:04x}", static_cast<std::uint32_t>(c));
  else
    shown += sequence;
}

}  // namespace

std::string printable(std::string_view text, Lines lines) {
  std::string shown;
  while (!text.empty()) {
    const auto end = std::find_if_not(text.begin(), text.end(), [&](char c) { return plain(c, lines); });
    const auto run = static_cast<std::size_t>(end - text.begin());
    shown += text.substr(0, run);
    text.remove_prefix(run);
    if (text.empty()) break;
    const Utf8Sequence sequence = first_utf8_sequence(text);
    append_character(shown, text.substr(0, sequence.length), sequence.valid);
    text.remove_prefix(sequence.length);
  }
  return shown;
}

}  // namespace junction
