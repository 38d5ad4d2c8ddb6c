#include "core/text/utf8.hpp"

#include <algorithm>
#include <cstdint>

namespace junction {
namespace {

struct SecondByte {
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xBF;
};

// Unicode 15, table 3-7: some lead bytes narrow what may follow them (no overlong forms, no surrogates).
SecondByte second_byte_range(std::uint8_t lead) {
  switch (lead) {
    case 0xE0:
      return {0xA0, 0xBF};
    case 0xED:
      return {0x80, 0x9F};
    case 0xF0:
      return {0x90, 0xBF};
    case 0xF4:
      return {0x80, 0x8F};
    default:
      return {};
  }
}

std::size_t length_by_lead(std::uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

}  // namespace

Utf8Sequence first_utf8_sequence(std::string_view bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
  const std::size_t length = length_by_lead(byte(0));
  if (length == 0) return {1, false};
  for (std::size_t i = 1; i < length; ++i) {
    const SecondByte range = i == 1 ? second_byte_range(byte(0)) : SecondByte{};
    if (i >= bytes.size() || byte(i) < range.low || byte(i) > range.high) return {i, false};
  }
  return {length, true};
}

bool is_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const Utf8Sequence sequence = first_utf8_sequence(bytes);
    if (!sequence.valid) return false;
    bytes.remove_prefix(sequence.length);
  }
  return true;
}

std::string utf8_lossy(std::string bytes) {
  if (is_utf8(bytes)) return bytes;
  std::string text;
  for (std::string_view rest = bytes; !rest.empty();) {
    const Utf8Sequence sequence = first_utf8_sequence(rest);
    text += sequence.valid ? rest.substr(0, sequence.length) : std::string_view("\xEF\xBF\xBD");
    rest.remove_prefix(sequence.length);
  }
  return text;
}

std::string shortened(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
  return std::string(text.substr(0, most)).append("...");
}

}  // namespace junction
