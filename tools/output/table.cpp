#include "tools/output/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace junctionctl {
namespace {

// Length of the UTF-8 sequence at the front of `text`, 0 if there is none. Overlong forms and surrogates
// pass: this only keeps a terminal from seeing raw bytes.
std::size_t sequence(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80       ? 1
                             : lead >> 5 == 6  ? 2
                             : lead >> 4 == 14 ? 3
                             : lead >> 3 == 30 ? 4
                                               : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return 0;
  return length;
}

}  // namespace

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string printable(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const std::size_t length = sequence(text);
    const auto byte = static_cast<unsigned char>(text.front());
    if (length == 0 || byte < 0x20 || byte == 0x7f)
      shown += fmt::format("\\x{:02x}", byte);
    else
      shown += text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return shown;
}

std::string shortened(std::string_view text, std::size_t most) {
  constexpr std::string_view gap = "...";
  const std::size_t cells = width(text);
  if (cells <= most) return std::string(text);
  const std::size_t tail = most / 4, head = most - tail - gap.size();
  // Where a cell begins, counted from the front.
  const auto at = [text](std::size_t cell) {
    std::size_t i = 0;
    for (std::size_t seen = 0; i < text.size(); ++i)
      if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80 && seen++ == cell) break;
    return i;
  };
  return fmt::format("{}{}{}", text.substr(0, at(head)), gap, text.substr(at(cells - tail)));
}

void Table::print(std::ostream& out, std::size_t indent) const {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    std::size_t widest = width(columns_[c].name);
    for (const auto& row : rows_) widest = std::max(widest, std::max<std::size_t>(width(row[c]), 1));
    widths.push_back(widest);
  }
  const auto print_row = [&](auto cell_of) {
    std::string line(indent, ' ');
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      const std::string& cell = cell_of(c);
      const std::string text = cell.empty() ? "-" : cell;
      const std::string padding(widths[c] - width(text), ' ');
      if (c > 0) line += "   ";
      line += columns_[c].align == Align::right ? padding + text : text + padding;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  };
  print_row([&](std::size_t c) -> const std::string& { return columns_[c].name; });
  for (const auto& row : rows_) print_row([&](std::size_t c) -> const std::string& { return row[c]; });
}

}  // namespace junctionctl
