#pragma once

#include <string_view>

#include "tools/io.hpp"

namespace junctionctl {

/// Whether to colour what goes to standard output: `when` is --color's always, never or auto, and auto means
/// on a terminal unless NO_COLOR is set (no-color.org).
bool wants_colour(std::string_view when, const Io& io);

}  // namespace junctionctl
