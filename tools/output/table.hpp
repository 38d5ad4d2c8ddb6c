#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace junctionctl {

/// Columns the way kubectl prints them: a header in capitals, three spaces between, nothing behind the last.
class Table {
 public:
  enum class Align : std::uint8_t { left, right };
  struct Column {
    std::string name;
    Align align = Align::left;
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// As many cells as columns; an empty one shows as "-".
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  void print(std::ostream& out, std::size_t indent = 0) const;

  [[nodiscard]] bool empty() const { return rows_.empty(); }

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// How wide a UTF-8 text is on a terminal, in cells; wide and combining characters aside.
std::size_t width(std::string_view text);

/// Text as it may be shown on a terminal: control characters and bytes that are no UTF-8 become \xNN.
std::string printable(std::string_view text);

/// Text of at most `most` cells: of a longer one the beginning and the end, with "..." between them.
std::string shortened(std::string_view text, std::size_t most);

}  // namespace junctionctl
