#include "tools/output/width.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <clocale>
#include <cwchar>

namespace junctionctl {
namespace {

// wcwidth() asks the locale of the thread, and programs start in one that knows ASCII. This one only while it
// is asked, and only where there is more than ASCII to be asked about.
class Utf8Locale {
 public:
  Utf8Locale() : before_(locale() ? ::uselocale(locale()) : locale_t{}) {}
  ~Utf8Locale() {
    if (before_) ::uselocale(before_);
  }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  static locale_t locale() {
    static const locale_t made = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", locale_t{});
    return made;
  }

  locale_t before_;
};

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

// The character at the front of a text that is not empty, taken from it.
std::string_view next_character(std::string_view& text) {
  const auto end = std::find_if_not(text.begin() + 1, text.end(), continues);
  const std::string_view character = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(character.size());
  return character;
}

std::size_t cells_of(std::string_view character) {
  if (character.size() == 1) return 1;
  wchar_t wide = 0;
  std::mbstate_t state{};
  if (std::mbrtowc(&wide, character.data(), character.size(), &state) != character.size()) return 1;
  const int cells = ::wcwidth(wide);
  return cells < 0 ? 1 : static_cast<std::size_t>(cells);
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// The longest beginning of `text` that fits into `most` cells.
std::size_t fitting(std::string_view text, std::size_t most) {
  const Utf8Locale locale;
  std::string_view rest = text;
  for (std::size_t cells = 0; !rest.empty();) {
    const std::size_t before = rest.size();
    cells += cells_of(next_character(rest));
    if (cells > most) return text.size() - before;
  }
  return text.size();
}

}  // namespace

std::size_t width(std::string_view text) {
  if (is_ascii(text)) return text.size();
  const Utf8Locale locale;
  std::size_t cells = 0;
  while (!text.empty()) cells += cells_of(next_character(text));
  return cells;
}

std::string shortened(std::string_view text, std::size_t most) {
  constexpr std::string_view gap = "...";
  const std::size_t cells = width(text);
  if (cells <= most) return std::string(text);
  const std::size_t tail = most / 4, head = most - tail - gap.size();
  std::size_t from = fitting(text, cells - tail);  // leaves `tail` cells, or one more where a wide one is cut
  if (width(text.substr(from)) > tail) {
    std::string_view rest = text.substr(from);
    from += next_character(rest).size();
  }
  return fmt::format("{}{}{}", text.substr(0, fitting(text, head)), gap, text.substr(from));
}

}  // namespace junctionctl
