#include "core/text/encoding.hpp"

namespace junction {
namespace {

using namespace std::string_view_literals;

constexpr std::uint32_t replacement = 0xFFFD;

void append_utf8(std::uint32_t code, std::string& to) {
  const auto byte = [&](std::uint32_t bits) { to += static_cast<char>(bits); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) {
    byte(0xC0 | code >> 6);
  } else {
    if (code < 0x10000) {
      byte(0xE0 | code >> 12);
    } else {
      byte(0xF0 | code >> 18);
      byte(0x80 | (code >> 12 & 0x3F));
    }
    byte(0x80 | (code >> 6 & 0x3F));
  }
  byte(0x80 | (code & 0x3F));
}

// Of a text in a European language nearly every second byte is zero, in one of Asian languages only those of
// spaces, digits and line ends: that all are on one side says more than how many they are, but for a short
// text. A run of zeros, as a log has it that was cut off while somebody wrote to it, is on both sides.
EncodedAs without_mark(std::string_view bytes) {
  std::size_t zeros[2]{};
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    if (bytes[i] == '\0' && bytes[i + 1] == '\0') return {};
    zeros[0] += bytes[i] == '\0' ? 1U : 0U;
    zeros[1] += bytes[i + 1] == '\0' ? 1U : 0U;
  }
  const std::size_t units = bytes.size() / 2, enough = units < 32 ? units / 2 : units / 8;
  const auto all_on = [&](std::size_t side) { return zeros[1 - side] == 0 && zeros[side] > enough; };
  if (all_on(1)) return {TextEncoding::utf16_le, 0};
  if (all_on(0)) return {TextEncoding::utf16_be, 0};
  return {};
}

}  // namespace

EncodedAs encoding_of(std::string_view beginning) {
  if (beginning.starts_with("\xef\xbb\xbf"sv)) return {TextEncoding::utf8, 3};
  if (beginning.starts_with("\xff\xfe\0\0"sv) || beginning.starts_with("\0\0\xfe\xff"sv))
    return {TextEncoding::utf32, 4};
  if (beginning.starts_with("\xff\xfe"sv)) return {TextEncoding::utf16_le, 2};
  if (beginning.starts_with("\xfe\xff"sv)) return {TextEncoding::utf16_be, 2};
  return without_mark(beginning);
}

void Utf16Decoder::add(std::string_view bytes, std::string& to) {
  for (const char c : bytes) {
    bytes_[count_++] = static_cast<unsigned char>(c);
    if (count_ < 2) continue;
    count_ = 0;
    add_unit(std::uint32_t{bytes_[high_]} << 8 | bytes_[1 - high_], to);
  }
}

void Utf16Decoder::add_unit(std::uint32_t unit, std::string& to) {
  const bool is_second = unit >= 0xDC00 && unit < 0xE000;
  if (first_ != 0) {
    append_utf8(is_second ? 0x10000 + ((first_ - 0xD800) << 10) + (unit - 0xDC00) : replacement, to);
    first_ = 0;
    if (is_second) return;
  }
  if (unit >= 0xD800 && unit < 0xDC00)
    first_ = unit;
  else
    append_utf8(is_second ? replacement : unit, to);
}

bool Utf16Decoder::finish(std::string& to) {
  if (first_ != 0) append_utf8(replacement, to);
  return count_ == 0;
}

}  // namespace junction
