#include "tools/output/colour.hpp"

#include <cstdlib>

namespace junctionctl {

bool wants_colour(std::string_view when, const Io& io) {
  if (when != "auto") return when == "always";
  const char* const refused = std::getenv("NO_COLOR");
  return io.out_is_terminal && (!refused || !*refused);
}

}  // namespace junctionctl
