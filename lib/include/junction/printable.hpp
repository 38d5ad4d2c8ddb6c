#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "junction/export.hpp"

namespace junction {

/// What happens to line feeds and tabs in printable().
enum class Lines : std::uint8_t {
  escaped,  ///< the text is part of one line: nothing in it begins another
  kept,     ///< the text is lines of its own
};

/// `text` as it may be shown on a terminal: nothing in it moves the cursor, changes colours, hides, or turns
/// the direction of writing. Control characters below U+0020 and bytes that are no UTF-8 become \xNN; U+007F
/// to U+009F, bidirectional controls, invisible separators and the line ends of Unicode become \uNNNN, which
/// means the same character in a string of JSON or YAML. Everything else stays as it is, so a second pass
/// changes nothing.
[[nodiscard]] JUNCTION_EXPORT std::string printable(std::string_view text, Lines lines = Lines::escaped);

}  // namespace junction
