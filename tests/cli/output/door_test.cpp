#include "tools/output/door.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

#include "tools/output/colour.hpp"
#include "tools/output/table.hpp"
#include "tools/output/width.hpp"

namespace junctionctl {

TEST_CASE("what goes through the door is printable, however it is cut into pieces") {
  const std::string text =
      "a\x1b[31m\n\tr\xc3\xb6t \xe6\x97\xa5\xf0\x9f\x8d\xb7\xe2\x80\xae\xc2\x9b\xff\r\x7f.";
  const std::string shown =
      "a\\x1b[31m\n\tr\xc3\xb6t \xe6\x97\xa5\xf0\x9f\x8d\xb7\\u202e\\u009b\\xff\\x0d\\u007f.";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    CAPTURE(piece);
    std::ostringstream written;
    {
      GuardedStream out(written);
      for (std::size_t at = 0; at < text.size(); at += piece) out << text.substr(at, piece);
    }
    CHECK(written.str() == shown);
  }
}

TEST_CASE("the start of a character whose rest never comes is written out") {
  std::ostringstream written;
  GuardedStream out(written);
  out << "a\xe2\x80";
  CHECK(written.str() == "a");
  out.flush();
  CHECK(written.str() == "a\\xe2\\x80");
  out << "\xe2" << std::flush << "b\xe2";
  verbatim(out) << '|';
  CHECK(written.str() == "a\\xe2\\x80\\xe2b\\xe2|");
}

TEST_CASE("only our own sequences pass, and colours where they are shown") {
  std::ostringstream written;
  GuardedStream out(written);
  verbatim(out) << "\r\x1b[K";
  paint_text(out, Colour::red, "no\x1b[0m");
  show_colours(out, true);
  paint_text(out, Colour::red, "yes\x1b[0m");
  paint_text(out, Colour::none, "plain");
  CHECK(written.str() == "\r\x1b[Kno\\x1b[0m\x1b[31myes\\x1b[0m\x1b[0mplain");
  std::ostringstream bare;
  show_colours(bare, true);
  paint_text(bare, Colour::red, "no door");
  CHECK(bare.str() == "no door");
}

TEST_CASE("a stream that cannot be written to says so") {
  std::ostringstream written;
  GuardedStream out(written);
  written.setstate(std::ios::badbit);
  out << "lost" << std::flush;
  CHECK_FALSE(out.good());
}

TEST_CASE("cells of a table stay in their column and their row, in any script") {
  Table table({{"KEY"}, {"N", Table::Align::right}});
  table.add({"red", "1"});
  table.add({"\xe6\x97\xa5\xe6\x9c\xac", "12"});  // two Chinese characters, four cells
  table.add({"\xf0\x9f\x8d\xb7", ""});            // an emoji, two cells
  table.add({"e\xcc\x81", "3"});                  // a combining accent, no cell
  table.add({"a\nFORGED\t\x1b[2J", "4"});
  std::ostringstream out;
  table.print(out);
  CHECK(out.str() ==
        "KEY                       N\n"
        "red                       1\n"
        "\xe6\x97\xa5\xe6\x9c\xac                     12\n"
        "\xf0\x9f\x8d\xb7                        -\n"
        "e\xcc\x81                         3\n"
        "a\\x0aFORGED\\x09\\x1b[2J    4\n");
}

TEST_CASE("widths are cells of a terminal") {
  struct Row {
    const char* text;
    std::size_t cells;
  };
  for (const Row& row :
       {Row{"", 0}, Row{"abc", 3}, Row{"r\xc3\xb6t", 3}, Row{"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 6},
        Row{"\xea\xb0\x80", 2}, Row{"\xf0\x9f\x98\x80", 2}, Row{"e\xcc\x81", 1}, Row{"\xe2\x96\x88", 1}}) {
    CAPTURE(row.text);
    CHECK(width(row.text) == row.cells);
  }
  const std::string wide =
      shortened("\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5", 9);
  CHECK(wide == "\xe6\x97\xa5\xe6\x97\xa5...\xe6\x97\xa5");
  CHECK(width(wide) == 9);
}

}  // namespace junctionctl
