#pragma once

#include <cstdint>
#include <iosfwd>
#include <string_view>

#include "tools/io.hpp"

namespace junctionctl {

enum class Colour : std::uint8_t { none, red, green, yellow, cyan, bold };

/// Whether to colour what goes to standard output: `when` is --color's always, never or auto, and auto means
/// on a terminal unless NO_COLOR is set (no-color.org).
bool wants_colour(std::string_view when, const Io& io);

/// Whether paint_text() colours what it writes to `out` from now on; until then it does not, nor on a stream
/// that has no door (tools/output/door.hpp).
void show_colours(std::ostream& out, bool shown);

/// Writes `text` as any text, and in this colour where `out` shows colours.
void paint_text(std::ostream& out, Colour colour, std::string_view text);

}  // namespace junctionctl
