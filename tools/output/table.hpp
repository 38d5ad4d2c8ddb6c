#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "junction/printable.hpp"
#include "tools/output/colour.hpp"

namespace junctionctl {

using junction::printable;

/// Columns the way kubectl prints them: a header in capitals, three spaces between, nothing behind the last.
class Table {
 public:
  enum class Align : std::uint8_t { left, right };
  struct Column {
    std::string name;
    Align align = Align::left;
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// As many cells as columns, each shown as printable() has it; an empty one shows as "-".
  void add(std::vector<std::string> cells);
  /// The colour of a cell of the row that was added last.
  void paint(std::size_t column, Colour colour) { rows_.back()[column].colour = colour; }
  void print(std::ostream& out, std::size_t indent = 0) const;

  [[nodiscard]] bool empty() const { return rows_.empty(); }

 private:
  struct Cell {
    std::string text;
    Colour colour = Colour::none;
  };
  void print_row(const std::vector<Cell>& cells, const std::vector<std::size_t>& widths, std::size_t indent,
                 std::ostream& out) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace junctionctl
