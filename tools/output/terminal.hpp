#pragma once

#include <cstddef>

namespace junctionctl {

/// How many columns the terminal has that `descriptor` is; 80 where it does not say. Windows are resized: ask
/// anew.
std::size_t terminal_columns(int descriptor);

}  // namespace junctionctl
