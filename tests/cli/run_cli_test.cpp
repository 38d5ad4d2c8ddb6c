#include <doctest/doctest.h>

#include <vector>

#include "tests/cli/run.hpp"

namespace junctionctl {

TEST_CASE("help and version are results, not errors") {
  for (const char* flag : {"--help", "--version"}) {
    CAPTURE(flag);
    const Outcome outcome = run({flag});
    CHECK(outcome.code == 0);
    CHECK_FALSE(outcome.out.empty());
    CHECK(outcome.err.empty());
  }
  CHECK(run({"version"}).out == run({"--version"}).out);
}

TEST_CASE("a wrong command line is one line on stderr and exit code 2") {
  const std::vector<std::vector<const char*>> lines = {
      {}, {"nope"}, {"--nope"}, {"version", "extra"}, {"version", "--nope"}};
  for (const auto& line : lines) {
    const Outcome outcome = run(line);
    CHECK(outcome.code == 2);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.starts_with("junctionctl: "));
    CHECK(outcome.err.find('\n') == outcome.err.size() - 1);
  }
}

}  // namespace junctionctl
