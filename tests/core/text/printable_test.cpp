#include "junction/printable.hpp"

#include <doctest/doctest.h>

#include <string>

namespace junction {

TEST_CASE("nothing that steers a terminal is left in what is printed") {
  struct Row {
    const char* name;
    std::string text, shown;
  };
  for (const Row& row : {
           Row{"plain text stays", "wine: \"red\" \\ <b>", "wine: \"red\" \\ <b>"},
           Row{"letters of any script stay", "ros\xc3\xa9 \xe6\x97\xa5 \xf0\x9f\x8d\xb7 \xd7\xa9",
               "ros\xc3\xa9 \xe6\x97\xa5 \xf0\x9f\x8d\xb7 \xd7\xa9"},
           Row{"joined emoji and joined letters stay",
               "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x8c\xbe\xe2\x80\x8c",
               "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x8c\xbe\xe2\x80\x8c"},
           Row{"escape, bell, carriage return", "\x1b]0;x\x07\r", "\\x1b]0;x\\x07\\x0d"},
           Row{"line feed and tab", "a\n\tb", "a\\x0a\\x09b"},
           Row{"NUL", std::string("a\0b", 3), "a\\x00b"},
           Row{"DEL", "\x7f", "\\u007f"},
           Row{"CSI as one character",
               "\xc2\x9b"
               "31m",
               "\\u009b31m"},
           Row{"CSI as a raw byte",
               "\x9b"
               "31m",
               "\\x9b31m"},
           Row{"no-break space stays", "\xc2\xa0", "\xc2\xa0"},
           Row{"right-to-left override",
               "\xe2\x80\xae"
               "abc",
               "\\u202eabc"},
           Row{"isolate", "\xe2\x81\xa6", "\\u2066"},
           Row{"marks", "\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c", "\\u200e\\u200f\\u061c"},
           Row{"line and paragraph separator", "\xe2\x80\xa8\xe2\x80\xa9", "\\u2028\\u2029"},
           Row{"byte order mark",
               "\xef\xbb\xbf"
               "red",
               "\\ufeffred"},
           Row{"tag character", "\xf3\xa0\x81\x81", "\\udb40\\udc41"},
           Row{"broken UTF-8",
               "a\xff"
               "b\xe2\x82",
               "a\\xff"
               "b\\xe2\\x82"},
           Row{"overlong escape", "\xc0\x9b", "\\xc0\\x9b"},
       }) {
    CAPTURE(row.name);
    CHECK(printable(row.text) == row.shown);
    CHECK(printable(row.shown) == row.shown);
  }
}

TEST_CASE("lines of their own keep their ends and tabs, and nothing else") {
  CHECK(printable("a\n\tb\r\n\x1b[2J", Lines::kept) == "a\n\tb\\x0d\n\\x1b[2J");
}

}  // namespace junction
