#include "tools/output/colour.hpp"

#include <cstdlib>
#include <ostream>

#include "tools/output/door.hpp"

namespace junctionctl {
namespace {

// SGR of ECMA-48.
std::string_view code(Colour colour) {
  switch (colour) {
    case Colour::red:
      return "\x1b[31m";
    case Colour::green:
      return "\x1b[32m";
    case Colour::yellow:
      return "\x1b[33m";
    case Colour::cyan:
      return "\x1b[36m";
    case Colour::bold:
      return "\x1b[1m";
    case Colour::none:
      break;
  }
  return "";
}

}  // namespace

bool wants_colour(std::string_view when, const Io& io) {
  if (when != "auto") return when == "always";
  const char* const refused = std::getenv("NO_COLOR");
  return io.out_is_terminal && (!refused || !*refused);
}

void show_colours(std::ostream& out, bool shown) {
  if (auto* const door = dynamic_cast<Door*>(out.rdbuf())) door->coloured = shown;
}

void paint_text(std::ostream& out, Colour colour, std::string_view text) {
  auto* const door = colour == Colour::none ? nullptr : dynamic_cast<Door*>(out.rdbuf());
  const bool coloured = door && door->coloured;
  if (coloured) door->behind() << code(colour);
  out << text;
  if (coloured) door->behind() << "\x1b[0m";
}

}  // namespace junctionctl
