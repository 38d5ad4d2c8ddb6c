#pragma once

#include <optional>
#include <string_view>

namespace junction {

/// The value of a hexadecimal digit; -1 where it is none.
constexpr int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The byte that a text's first two digits stand for ("2f" of %2f and \x2f); nothing where they are none.
constexpr std::optional<char> hex_byte(std::string_view text) {
  if (text.size() < 2 || hex_digit(text[0]) < 0 || hex_digit(text[1]) < 0) return std::nullopt;
  return static_cast<char>(hex_digit(text[0]) * 16 + hex_digit(text[1]));
}

}  // namespace junction
