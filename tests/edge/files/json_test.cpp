// The door for JSON from outside.
#include "edge/files/json.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace junction {

using nlohmann::json;

namespace {

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

std::string nested_maps(std::size_t depth) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += "{\"a\":";
  return text + "1" + std::string(depth, '}');
}

}  // namespace

TEST_CASE("what is JSON is read as nlohmann's own parser reads it") {
  for (const char* const text : {"null", "true", " 1 ", "-5", "1.5e3", "18446744073709551615",
                                 "-9223372036854775808", "\"\"", R"("\u00e4\ud83d\ude00\n\"\\")", "[]", "{}",
                                 "[[],{},[[1,\"a\"]]]", R"({"a":{"b":[1,{"c":null}],"d":2.5},"":[]})",
                                 R"({"a":1,"a":{"b":2}})", "\xEF\xBB\xBF{}", R"(["[", "{\"]", "\\"])"}) {
    CAPTURE(text);
    const auto value = parse_json(text);
    REQUIRE(value.ok());
    CHECK(*value == json::parse(text));
  }
  CHECK(parse_ordered_json(R"({"z":{"y":1,"b":2},"a":[]})")->dump() == R"({"z":{"y":1,"b":2},"a":[]})");
}

TEST_CASE("what is no JSON is refused by line and column") {
  struct Row {
    const char* name;
    std::string text;
    const char* says;
  };
  const Row rows[] = {
      {"empty", "", "line 1, column 1: this is no JSON, there is nothing"},
      {"blank", " \n ", "line 2, column 2: this is no JSON, there is nothing"},
      {"no value", "wine", "line 1, column 1: this is no JSON, 'w' is not expected here"},
      {"second line", "{\"a\":\n  wine}", "line 2, column 3: this is no JSON, 'w' is not expected here"},
      {"cut", "{\"a\": [1,", "line 1, column 10: this is no JSON, it ends in the middle"},
      {"cut in a string", "\"abc", "line 1, column 5: this is no JSON, it ends in the middle"},
      {"after the end", "{} x", "line 1, column 4: this is no JSON, 'x' is not expected here"},
      {"two values", "1 2", "line 1, column 3: this is no JSON, '2' is not expected here"},
      {"a control character", "\"a\x1b\"",
       "line 1, column 3: this is no JSON, the byte 0x1b is not expected here"},
      {"no UTF-8", "\"\xff\"", "line 1, column 2: this is no JSON, the byte 0xff is not expected here"},
      {"a number too large", "[1,\n2e+308]", "line 2, column 6: the number that ends here is too large"},
      {"a comma at the end", "[1,]", "line 1, column 4: this is no JSON, ']' is not expected here"},
      {"a closing that opens nothing", "]", "line 1, column 1: this is no JSON, ']' is not expected here"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const auto value = parse_json(row.text);
    REQUIRE(!value.ok());
    CHECK(value.error().kind == ErrorKind::invalid);
    CHECK(value.error().message == row.says);
  }
}

TEST_CASE("nothing that nests deeper than the limit comes through") {
  CHECK(parse_json(nested(500)).ok());
  CHECK(parse_json(nested_maps(500)).ok());
  CHECK(parse_json(nested(501)).error().message ==
        "line 1, column 501: lists and maps nest more than 500 deep");
  CHECK(parse_json("{\"[[\\\"[\":\n" + nested(500) + "}").error().message ==
        "line 2, column 500: lists and maps nest more than 500 deep");
  CHECK(!parse_json(nested_maps(501)).ok());
  CHECK(!parse_json(nested(10'000'000)).ok());
  CHECK(!parse_json(std::string(10'000'000, '[')).ok());
  CHECK(!parse_ordered_json(nested_maps(501)).ok());
  CHECK(parse_json("[[]]", {.depth = 2}).ok());
  CHECK(!parse_json("[[[]]]", {.depth = 2}).ok());
  CHECK(parse_json("[[],[],[[]],[]]", {.depth = 3}).ok());
}

TEST_CASE("more bytes than the limit are not looked at") {
  CHECK(parse_json("[1,2]", {.bytes = 5}).ok());
  CHECK(parse_json("[1,2] ", {.bytes = 5}).error().message ==
        "6 bytes of JSON are too many: at most 5 are read");
}

}  // namespace junction
