#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "junction/export.hpp"

namespace junction {

/// How many letters have to be added, left out, exchanged for another, or swapped with their neighbour to
/// make `b` of `a` (Damerau-Levenshtein, no letter edited twice). Takes time and memory of the product of the
/// lengths.
[[nodiscard]] JUNCTION_EXPORT std::size_t edit_distance(std::string_view a, std::string_view b);

/// The word of `known` that `typed` was most likely meant to be: the nearest one, the case of letters aside,
/// if at most every third letter is wrong; else the only one that begins with `typed`. Empty where there is
/// none.
[[nodiscard]] JUNCTION_EXPORT std::string closest_word(std::string_view typed,
                                                       std::span<const std::string> known);

/// "; did you mean 'closest'?" to end a message with, or nothing.
[[nodiscard]] JUNCTION_EXPORT std::string did_you_mean(std::string_view typed,
                                                       std::span<const std::string> known);

}  // namespace junction
