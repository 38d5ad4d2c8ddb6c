#include "junction/duration.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

namespace junction {

TEST_CASE("durations are read with their units") {
  struct Row {
    const char* text;
    std::int64_t nanoseconds;
  };
  for (const auto& [text, nanoseconds] :
       {Row{"0", 0}, Row{"1ns", 1}, Row{"250us", 250'000}, Row{"1.5ms", 1'500'000}, Row{"2s", 2'000'000'000},
        Row{".5s", 500'000'000}, Row{"2m", 120'000'000'000}, Row{"1h30m", 5'400'000'000'000},
        Row{"1m0.5s", 60'500'000'000}, Row{"0s", 0}}) {
    CAPTURE(text);
    const auto parsed = parse_duration(text);
    REQUIRE(parsed.ok());
    CHECK(*parsed == nanoseconds);
  }
}

TEST_CASE("what is no duration is refused by name") {
  for (const char* text : {"", "5", "ms", "5 ms", "-1s", "1s1m", "1s1s", "1sec", "infs", "nans", "1e400s",
                           "300000000h", "0x1s", "1s ", "+1s", "1..5s"}) {
    CAPTURE(text);
    const auto parsed = parse_duration(text);
    REQUIRE_FALSE(parsed.ok());
    CHECK(parsed.error().message.find(text) != std::string::npos);
  }
}

TEST_CASE("durations print three significant digits") {
  struct Row {
    std::int64_t nanoseconds;
    const char* text;
  };
  for (const auto& [nanoseconds, text] :
       {Row{0, "0ns"}, Row{999, "999ns"}, Row{1000, "1.00us"}, Row{42'149, "42.1us"}, Row{999'499, "999us"},
        Row{999'999, "1.00ms"}, Row{1'250'000, "1.25ms"}, Row{99'960'000, "100ms"},
        Row{3'000'000'000, "3.00s"}, Row{59'990'000'000, "1m00s"}, Row{125'000'000'000, "2m05s"},
        Row{3'720'000'000'000, "1h02m"}, Row{-1'250'000, "-1.25ms"}, Row{345'540'000'000'000, "95h59m"},
        Row{450'000'000'000'000, "5d05h"}, Row{INT64_MIN, "-106751d23h"}}) {
    CAPTURE(nanoseconds);
    CHECK(format_duration(nanoseconds) == text);
  }
}

}  // namespace junction
