#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

/// The few things that protocols do with text, byte by byte and whatever the locale: letters are the 26 of
/// ASCII, and bytes of other characters are equal to themselves alone.
namespace junction {

[[nodiscard]] constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

[[nodiscard]] inline std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) { return lower(c); });
  return result;
}

/// Whether two names are the same to HTTP, DNS and the like, which do not look at the case of letters.
[[nodiscard]] constexpr bool same_letters(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

/// Whether `text` begins with `prefix`, in letters of any case.
[[nodiscard]] constexpr bool starts_with_letters(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && same_letters(text.substr(0, prefix.size()), prefix);
}

/// Without what is `blank` at both ends: spaces and tabs, the optional white space of RFC 9110, 5.6.3.
[[nodiscard]] constexpr std::string_view trim(std::string_view text, std::string_view blank = " \t") {
  const std::size_t first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

/// The number that `text` is from its first byte to its last: no sign where T has none, no spaces, nothing
/// behind it. Empty where it is no number, or one that T does not hold.
template <std::integral T>
[[nodiscard]] std::optional<T> whole_number(std::string_view text, int base = 10) {
  T value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, base);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

/// The finite number that `text` is from its first byte to its last, in plain decimal notation or with an
/// exponent.
[[nodiscard]] inline std::optional<double> decimal_number(std::string_view text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

/// Whether a byte is in `text` that no URL and no header name may hold: a space or a control character.
[[nodiscard]] constexpr bool has_space_or_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte == 0x7f;
  });
}

}  // namespace junction
