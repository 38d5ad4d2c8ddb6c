#include "junction/ascii.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

using namespace junction;

TEST_CASE("names are the same in letters of any case, and in nothing else") {
  CHECK(same_letters("Content-Length", "CONTENT-length"));
  CHECK(same_letters("", ""));
  CHECK_FALSE(same_letters("a", "ab"));
  for (const auto& [a, b] :
       {std::pair("[", "{"), std::pair("@", "`"), std::pair(".", "\x0e"), std::pair("^", "~"),
        std::pair("K", "\xe2\x84\xaa"), std::pair("\xc4", "\xe4")}) {
    CAPTURE(a);
    CHECK_FALSE(same_letters(a, b));
  }
  CHECK(starts_with_letters("HTTPS://x", "https://"));
  CHECK_FALSE(starts_with_letters("http", "https"));
  CHECK(lower("AZaz@[`{\xc3\x84") == "azaz@[`{\xc3\x84");
}

TEST_CASE("trim takes what is blank at both ends, and nothing from within") {
  CHECK(trim(" \t a b\t ") == "a b");
  CHECK(trim("a") == "a");
  CHECK(trim(" \t ").empty());
  CHECK(trim("").empty());
  CHECK(trim("a\r\n") == "a\r\n");
  CHECK(trim("\r\na\r\n", "\r\n") == "a");
}

TEST_CASE("a whole number is one from the first byte to the last") {
  struct Row {
    const char* text;
    std::optional<std::uint16_t> value;
  };
  for (const Row& row :
       {Row{"0", 0}, Row{"65535", 65535}, Row{"007", 7}, Row{"65536", {}}, Row{"-1", {}}, Row{"+1", {}},
        Row{" 1", {}}, Row{"1 ", {}}, Row{"1.0", {}}, Row{"", {}}, Row{"0x1", {}}}) {
    CAPTURE(row.text);
    CHECK(whole_number<std::uint16_t>(row.text) == row.value);
  }
  CHECK(whole_number<int>("-5") == -5);
  CHECK(whole_number<std::uint64_t>("ffffffffffffffff", 16) == UINT64_MAX);
  CHECK(whole_number<std::uint64_t>("10000000000000000", 16) == std::nullopt);
}

TEST_CASE("a decimal number is finite and has nothing behind it") {
  CHECK(decimal_number("1.5e3") == 1500);
  CHECK(decimal_number("-2") == -2);
  for (const char* const text : {"", "inf", "nan", "1e999", "1,5", "0x10", "1 "}) {
    CAPTURE(text);
    CHECK(decimal_number(text) == std::nullopt);
  }
}

TEST_CASE("spaces and controls are seen, other bytes are not") {
  for (const char* const text : {" ", "a\tb", "a\x7f", "\x01"}) CHECK(has_space_or_control(text));
  for (const char* const text : {"", "a%20b", "\xc3\xa9", "~!"}) CHECK_FALSE(has_space_or_control(text));
}
