#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace junctionctl {

/// How wide a printable UTF-8 text is on a terminal, in cells: Chinese characters and emoji take two,
/// combining characters none.
std::size_t width(std::string_view text);

/// Text of at most `most` cells: of a longer one the beginning and the end, with "..." between them.
std::string shortened(std::string_view text, std::size_t most);

}  // namespace junctionctl
