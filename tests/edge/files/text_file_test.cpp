#include "junction/text_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cstdio>
#include <string>
#include <vector>

#include "tests/edge/files/temp_file.hpp"

namespace junction {

using namespace std::string_literals;

TEST_CASE("text is read from every encoding it comes in") {
  struct Row {
    const char* name;
    std::string bytes;
    std::string text;
  };
  std::string large;
  for (int i = 0; i < 60000; ++i) large += "key-" + std::to_string(i) + '\n';
  const Row rows[] = {
      {"nothing", "", ""},
      {"UTF-8", "caf\xc3\xa9\r\n", "caf\xc3\xa9\r\n"},
      {"bytes that are none", "caf\xe9\n", "caf\xe9\n"},
      {"a byte order mark", "\xef\xbb\xbfred\n", "red\n"},
      {"UTF-16", utf16("red\nwhite\n", false, true), "red\nwhite\n"},
      {"UTF-16, big-endian and without a mark", utf16("red\nwhite\n", true, false), "red\nwhite\n"},
      {"much UTF-16", utf16(large, false, true), large},
      {"gzip", gzip("red\nwhite\n"), "red\nwhite\n"},
      {"much of it", gzip(large), large},
      {"two parts", gzip("red\n") + gzip("white\n"), "red\nwhite\n"},
      {"with padding", gzip("red\n") + std::string(1000, '\0'), "red\n"},
      {"nothing in gzip", gzip(""), ""},
      {"UTF-16 in gzip", gzip(utf16("red\n", false, true)), "red\n"},
      {"gzip in gzip", gzip(gzip("red\n")), "red\n"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const TempFile file(row.bytes);
    const auto text = read_text(file.path());
    REQUIRE_MESSAGE(text, text.error().message);
    CHECK(*text == row.text);
    CHECK(*read_file(file.path()) == row.bytes);
  }
}

TEST_CASE("what is no text that can be read is named, with the way to read it") {
  struct Row {
    std::string bytes;
    const char* why;
  };
  const std::string whole = gzip("red and white and rose\n");
  const Row rows[] = {
      {"\x28\xb5\x2f\xfd\n"s,
       "is compressed by zstd: read it through a pipe, as zstd -dc FILE | junctionctl ... -"},
      {"\xfd\x37zXZ\0\n"s, "is compressed by xz"},
      {"BZh91AY&SY\n", "is compressed by bzip2"},
      {"PK\x03\x04\n", "is compressed by zip: read it through a pipe, as unzip -p FILE"},
      {"\xff\xfe\0\0r\0\0\0"s, "is UTF-32: read it through a pipe, as iconv"},
      {whole.substr(0, whole.size() - 9), "its gzip data breaks off"},
      {whole.substr(0, 12) + "\xff\xff\xff\xff" + whole.substr(16), "its gzip data is damaged"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.why);
    const TempFile file(row.bytes);
    const auto text = read_text(file.path());
    REQUIRE_FALSE(text);
    CHECK(text.error().message.find("'" + file.path() + "'") != std::string::npos);
    CHECK_MESSAGE(text.error().message.find(row.why) != std::string::npos, text.error().message);
    CHECK(read_file(file.path()));
  }
}

TEST_CASE("no file and no device fills the memory") {
  const std::string limit = "': it is larger than 1 MiB, the most that is read of a file";
  for (const auto read : {read_file, read_text}) {
    CHECK(read("/dev/zero", 1 << 20).error().message == "cannot read '/dev/zero" + limit);
    CHECK(read("/nowhere/x", 1 << 20).error().kind == ErrorKind::not_found);
    CHECK(read("/tmp", 1 << 20).error().message == "cannot read '/tmp': Is a directory");
  }
  const TempFile bomb(gzip(std::string(40 << 20, '\0')));
  CHECK(read_text(bomb.path(), 1 << 20).error().message == "cannot read '" + bomb.path() + limit);
  const TempFile full(std::string(1 << 20, 'x')), over(std::string((1 << 20) + 1, 'x'));
  CHECK(read_text(full.path(), 1 << 20)->size() == 1 << 20);
  CHECK_FALSE(read_text(over.path(), 1 << 20));
}

TEST_CASE("lines come without their ends, and know where they are") {
  std::vector<std::string> lines, places;
  TextLines walk("red\r\n\nwhite\rrose", "list");
  for (std::string_view line; walk.next(line);) {
    lines.emplace_back(line);
    places.push_back(walk.place());
  }
  CHECK(walk.result());
  CHECK(lines == std::vector<std::string>{"red", "", "white\rrose"});
  CHECK(places == std::vector<std::string>{"list:1", "list:2", "list:3"});
  const std::string text = "red\n" + std::string(TextLines::longest + 1, 'x');
  TextLines too_long(text, "list");
  std::string_view line;
  CHECK(too_long.next(line));
  CHECK_FALSE(too_long.next(line));
  CHECK(too_long.result().error().message == "list:2: the line is longer than 1 MiB: is it a list?");
}

}  // namespace junction
