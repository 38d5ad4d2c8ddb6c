#include "junction/base64.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace junction;

TEST_CASE("base64 comes back as it went in, and nonsense does not come back at all") {
  for (const std::string& text :
       std::vector<std::string>{"", "a", "ab", "abc", "abcd", std::string("\0\xff\x80", 3)}) {
    CAPTURE(text);
    CHECK(base64_decode(base64_encode(text)) == text);
  }
  CHECK(base64_encode("junction") == "anVuY3Rpb24=");
  CHECK(base64_decode("anVu\n Y3Rp b24=") == "junction");
  for (const char* bad : {"***", "abc", "=abc", "ab=c", "a===",
                          "ab=="
                          "ab=="}) {
    CAPTURE(bad);
    CHECK_FALSE(base64_decode(bad));
  }
}
