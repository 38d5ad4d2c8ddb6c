#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace junction {

enum class TextEncoding : std::uint8_t { utf8, utf16_le, utf16_be, utf32 };

/// How a text is encoded, and how many bytes its byte order mark takes (0: it has none).
struct EncodedAs {
  TextEncoding encoding = TextEncoding::utf8;
  std::size_t mark = 0;
};

/// Goes by the byte order mark; without one, UTF-16 is told by the zero bytes that Latin letters, digits and
/// line ends have in it, all on the same side. Everything else is taken for UTF-8, valid or not.
EncodedAs encoding_of(std::string_view beginning);

/// Makes UTF-8 of UTF-16 that comes in pieces. A surrogate without the other of its pair becomes U+FFFD.
class Utf16Decoder {
 public:
  explicit Utf16Decoder(bool big_endian) : high_(big_endian ? 0 : 1) {}

  void add(std::string_view bytes, std::string& to);
  /// The end of the text. False where it breaks off in the middle of a unit.
  [[nodiscard]] bool finish(std::string& to);

 private:
  void add_unit(std::uint32_t unit, std::string& to);

  std::size_t high_;  ///< which of two bytes is the higher
  unsigned char bytes_[2]{};
  std::size_t count_ = 0;    ///< of the bytes of a unit that have come
  std::uint32_t first_ = 0;  ///< of a surrogate pair; 0: none waits
};

}  // namespace junction
