#include "tools/output/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "tools/output/width.hpp"

namespace junctionctl {

void Table::add(std::vector<std::string> cells) {
  std::vector<Cell> row;
  for (const std::string& cell : cells) row.push_back({cell.empty() ? "-" : printable(cell)});
  rows_.push_back(std::move(row));
}

void Table::print_row(const std::vector<Cell>& cells, const std::vector<std::size_t>& widths,
                      std::size_t indent, std::ostream& out) const {
  std::string line;
  std::size_t blanks = indent;  // that are still to come, unless nothing does
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const std::size_t padding = widths[c] - width(cells[c].text);
    const bool right = columns_[c].align == Align::right;
    if (right) blanks += padding;
    line.append(blanks, ' ');
    if (cells[c].colour == Colour::none) {
      line += cells[c].text;
    } else {
      out << line;
      line.clear();
      paint_text(out, cells[c].colour, cells[c].text);
    }
    blanks = (right ? 0 : padding) + 3;
  }
  out << line << '\n';
}

void Table::print(std::ostream& out, std::size_t indent) const {
  std::vector<Cell> head;
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    head.push_back({columns_[c].name});
    widths.push_back(width(columns_[c].name));
    for (const auto& row : rows_) widths[c] = std::max(widths[c], width(row[c].text));
  }
  print_row(head, widths, indent, out);
  for (const auto& row : rows_) print_row(row, widths, indent, out);
}

}  // namespace junctionctl
