#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace junction {

struct Utf8Sequence {
  std::size_t length = 1;  ///< bytes that belong together
  bool valid = false;
};

/// The sequence that `bytes`, which are not empty, begin with: a whole character, or the longest start of one
/// that something broke.
Utf8Sequence first_utf8_sequence(std::string_view bytes);

/// `bytes` with each maximal invalid part replaced by U+FFFD, as Rust's String::from_utf8_lossy does
/// (Unicode 15, section 3.9, "Substitution of Maximal Subparts").
std::string utf8_lossy(std::string bytes);

/// The first `most` bytes of `text` and "..." where it is longer; no half of a character of several bytes.
std::string shortened(std::string_view text, std::size_t most);

/// True where `bytes` is well-formed UTF-8.
bool is_utf8(std::string_view bytes);

}  // namespace junction
