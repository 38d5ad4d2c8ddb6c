#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace junction {

/// A text from outside as a message quotes it: of a long one the beginning, whole UTF-8 characters, and
/// "...".
inline std::string excerpt(std::string_view text, std::size_t most = 80) {
  if (text.size() <= most) return std::string(text);
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80) --most;
  return std::string(text.substr(0, most)) + "...";
}

}  // namespace junction
