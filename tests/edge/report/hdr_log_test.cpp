#include "junction/report/hdr_log.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

#include "tests/core/load/sample_run.hpp"

namespace junction::report {

// What an HdrHistogram reader of other hands makes of it is checked in tests/interop/hdr_log.
TEST_CASE("the log has a header, a line for each second, and a tagged line each for service and lateness") {
  std::ostringstream out;
  write_hdr_log(sample_run({.slot_precision = Precision::three_digits}), out);
  std::istringstream in(out.str());
  std::string line;
  int comments = 0, intervals = 0, tagged = 0;
  while (std::getline(in, line)) {
    if (line.starts_with('#') || line.starts_with('"')) {
      ++comments;
    } else if (line.starts_with("Tag=")) {
      ++tagged;
    } else {
      CHECK(line.find(".000,") != std::string::npos);
      CHECK(line.find(",HISTFAAA") != std::string::npos);
      ++intervals;
    }
  }
  CHECK(comments == 4);
  CHECK(intervals == 10);
  CHECK(tagged == 2);
}

TEST_CASE("an empty histogram has a payload too") {
  CHECK(hdr_payload(Histogram()).starts_with("HISTFAAA"));
}

}  // namespace junction::report
