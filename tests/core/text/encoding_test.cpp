#include "core/text/encoding.hpp"

#include <doctest/doctest.h>

#include <string>

namespace junction {

using namespace std::string_literals;

TEST_CASE("what a text is encoded in is told by its mark, or by where its zeros are") {
  struct Row {
    const char* name;
    std::string bytes;
    TextEncoding encoding;
    std::size_t mark;
  };
  std::string chinese;
  for (int i = 0; i < 20; ++i) chinese += "\x2d\x4e\x87\x65\n\0"s;
  const Row rows[] = {
      {"nothing", "", TextEncoding::utf8, 0},
      {"ASCII", "red\n", TextEncoding::utf8, 0},
      {"no UTF-8", "caf\xe9\n", TextEncoding::utf8, 0},
      {"UTF-8 with a mark", "\xef\xbb\xbfred", TextEncoding::utf8, 3},
      {"half a mark", "\xef\xbb", TextEncoding::utf8, 0},
      {"PowerShell's >", "\xff\xfer\0e\0d\0"s, TextEncoding::utf16_le, 2},
      {"big-endian", "\xfe\xff\0r\0e\0d"s, TextEncoding::utf16_be, 2},
      {"a mark alone", "\xff\xfe", TextEncoding::utf16_le, 2},
      {"no mark, little-endian", "r\0e\0d\0\n\0"s, TextEncoding::utf16_le, 0},
      {"no mark, big-endian", "\0r\0e\0d\0\n"s, TextEncoding::utf16_be, 0},
      {"no mark, mostly Chinese", chinese, TextEncoding::utf16_le, 0},
      {"UTF-32", "\xff\xfe\0\0r\0\0\0"s, TextEncoding::utf32, 4},
      {"a log that was cut off under its writer", "\0\0\0\0\0\0192.0.2.1\n"s, TextEncoding::utf8, 0},
      {"one zero in a short text", "red\0white\n"s, TextEncoding::utf8, 0},
      {"one zero in a long text", "a long text with one zero \0 in it"s, TextEncoding::utf8, 0},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(encoding_of(row.bytes).encoding == row.encoding);
    CHECK(encoding_of(row.bytes).mark == row.mark);
  }
}

TEST_CASE("UTF-16 becomes UTF-8, wherever its pieces end") {
  struct Row {
    const char* name;
    std::u16string text;
    const char* utf8;
  };
  const Row rows[] = {
      {"one to three bytes", u"r\u00e9\u4e2d\uffff", "r\xc3\xa9\xe4\xb8\xad\xef\xbf\xbf"},
      {"a pair", u"a\U0001F377b",
       "a\xf0\x9f\x8d\xb7"
       "b"},
      {"a first half alone", std::u16string{0xD83C, u'x'}, "\xef\xbf\xbdx"},
      {"two first halves", std::u16string{0xD83C, 0xD83C, 0xDF77}, "\xef\xbf\xbd\xf0\x9f\x8d\xb7"},
      {"a second half alone", std::u16string{0xDF77, u'x'}, "\xef\xbf\xbdx"},
      {"a first half at the end", std::u16string{u'x', 0xD83C}, "x\xef\xbf\xbd"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    for (const bool big_endian : {false, true}) {
      std::string bytes;
      for (const char16_t unit : row.text) {
        const char high = static_cast<char>(unit >> 8), low = static_cast<char>(unit & 0xff);
        bytes += big_endian ? std::string{high, low} : std::string{low, high};
      }
      for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        Utf16Decoder decoder(big_endian);
        std::string utf8;
        decoder.add(std::string_view(bytes).substr(0, cut), utf8);
        decoder.add(std::string_view(bytes).substr(cut), utf8);
        CHECK(decoder.finish(utf8));
        CHECK(utf8 == row.utf8);
      }
    }
  }
  std::string odd;
  Utf16Decoder decoder(false);
  decoder.add("r\0e"s, odd);
  CHECK_FALSE(decoder.finish(odd));
  CHECK(odd == "r");
}

}  // namespace junction
