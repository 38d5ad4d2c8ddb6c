#include <doctest/doctest.h>

#include <string>

#include "core/text/utf8.hpp"

namespace junction {

TEST_CASE("each maximal invalid part becomes one replacement character") {
  const std::string fffd = "\xEF\xBF\xBD";
  struct Row {
    const char* name;
    std::string bytes, text;
  };
  for (const Row& row : {
           Row{"valid text stays", "gr\xC3\xBC\xC3\x9F \xF0\x9F\x8D\xB7",
               "gr\xC3\xBC\xC3\x9F \xF0\x9F\x8D\xB7"},
           Row{"stray continuation", "a\x80z", "a" + fffd + "z"},
           Row{"overlong", "\xC0\xAF", fffd + fffd},
           Row{"surrogate", "\xED\xA0\x80", fffd + fffd + fffd},
           Row{"cut at the end", "x\xF0\x9F\x8D", "x" + fffd},
           Row{"cut in the middle", "\xE2\x82x", fffd + "x"},
           Row{"beyond U+10FFFF", "\xF4\x90\x80\x80", fffd + fffd + fffd + fffd},
       }) {
    CAPTURE(row.name);
    CHECK(utf8_lossy(row.bytes) == row.text);
    CHECK(is_utf8(row.bytes) == (row.bytes == row.text));
  }
}

}  // namespace junction
