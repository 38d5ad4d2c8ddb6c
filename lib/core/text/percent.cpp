#include <fmt/format.h>

#include <optional>

#include "core/text/hex.hpp"
#include "core/text/percent.hpp"
#include "core/text/utf8.hpp"
#include "junction/url.hpp"

namespace junction {
namespace {

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::string decode(std::string_view text, char plus) {
  std::string bytes;
  bytes.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {  // a '%' without two digits stays as it is
    const auto byte = text[i] == '%' ? hex_byte(text.substr(i + 1)) : std::nullopt;
    if (byte) i += 2;
    bytes += byte ? *byte : text[i] == '+' ? plus : text[i];
  }
  return bytes;
}

}  // namespace

std::string percent_decode(std::string_view text) {
  return decode(text, '+');
}

std::string form_decode(std::string_view text) {
  return utf8_lossy(decode(text, ' '));
}

std::string percent_encode(std::string_view text) {
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c)) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

std::string form_encode(std::string_view text) {
  std::string encoded;
  for (; !text.empty(); text.remove_prefix(std::min(text.size(), text.find(' ') + 1))) {
    const std::size_t space = text.find(' ');
    encoded += percent_encode(text.substr(0, space));
    if (space == std::string_view::npos) break;
    encoded += '+';
  }
  return encoded;
}

}  // namespace junction
