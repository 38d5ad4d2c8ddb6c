#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace junction {

/// How many bytes behind a text the scanner may read.
inline constexpr std::size_t line_scan_slack = 64;

/// Where lines end in a short piece of text, and where bytes lie that may make their line more than a plain
/// value: a quote, a carriage return, or anything not ASCII. Positions ascend; `none` follows the last.
struct LineMarks {
  static constexpr std::size_t longest_piece = 4096;
  static constexpr std::uint16_t none = 0xFFFF;
  using Positions = std::array<std::uint16_t, longest_piece + 9>;  ///< may be written eight at a time

  Positions ends;
  Positions specials;
  std::size_t end_count = 0;
};

/// REQUIRES: at most LineMarks::longest_piece bytes, and line_scan_slack readable ones behind them.
void mark_lines(std::string_view piece, LineMarks& marks);

/// True where a line without special bytes may still be more than a bare value, going by its first four
/// bytes: a target, JSON, spaces, "http..." or the level that uvicorn begins its lines with. Some bare values
/// pass as well.
class LineStarts {
 public:
  [[nodiscard]] bool need_a_look(const char* line) const {
    std::uint32_t word;
    std::memcpy(&word, line, sizeof word);
    word |= lower_case;
    return static_cast<int>(words_[slot_of(word)] == word) |
           static_cast<int>(first_[static_cast<unsigned char>(*line)]);
  }

  consteval LineStarts() {
    for (std::size_t c = 0; c <= ' '; ++c) first_[c] = true;
    first_['/'] = first_['{'] = true;
    for (const std::string_view text : {"http", "info", "warn", "erro", "debu", "crit", "trac"}) {
      const auto word = std::bit_cast<std::uint32_t>(std::array{text[0], text[1], text[2], text[3]});
      if (words_[slot_of(word)] != 0) throw "two starts in one slot: choose another factor";
      words_[slot_of(word)] = word;
    }
  }

 private:
  static constexpr std::uint32_t lower_case = 0x20202020;
  static constexpr std::uint32_t slot_of(std::uint32_t word) { return word * 27 >> 28; }

  std::array<bool, 256> first_{};
  std::array<std::uint32_t, 16> words_{};
};

inline constexpr LineStarts line_starts;

/// True where classify_line() says so; for the few lines whose start needs a look.
bool is_bare_value(std::string_view line);

/// Calls plain(first, length) or other(line) for each line of a text that ends in a line end; lines come
/// without it. Those for plain() are bare ASCII values (see classify_line) of 1 to `longest` bytes. Returns
/// the number of lines. REQUIRES: line_scan_slack readable bytes behind the text.
template <typename Plain, typename Other>
std::size_t for_each_line(std::string_view text, std::size_t longest, Plain plain, Other other) {
  LineMarks marks;
  const char* line = text.data();
  std::size_t lines = 0;
  bool special_before = false;  // in the part of the line that lies in earlier pieces
  while (!text.empty()) {
    const std::string_view piece = text.substr(0, LineMarks::longest_piece);
    text.remove_prefix(piece.size());
    mark_lines(piece, marks);
    const std::uint16_t* special = marks.specials.data();
    for (std::size_t i = 0; i < marks.end_count; ++i) {
      const char* const end = piece.data() + marks.ends[i];
      const auto length = static_cast<std::size_t>(end - line);
      const bool is_special = special_before || *special < marks.ends[i];
      if (!is_special && length - 1 < longest &&
          (!line_starts.need_a_look(line) || is_bare_value({line, length}))) [[likely]] {
        plain(line, length);
      } else {
        other(std::string_view(line, length));
        while (*special < marks.ends[i]) ++special;
        special_before = false;
      }
      line = end + 1;
    }
    lines += marks.end_count;
    special_before |= *special != LineMarks::none;
  }
  return lines;
}

}  // namespace junction
