#include "tools/output/unified_diff.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

#include "tools/output/colour.hpp"
#include "tools/output/door.hpp"

using namespace junctionctl;

namespace {

std::string diff(const std::string& before, const std::string& after, bool colour = false) {
  std::ostringstream written;
  GuardedStream out(written);
  show_colours(out, colour);
  write_unified_diff(out, before, after, {"a", "b"});
  return written.str();
}

}  // namespace

TEST_CASE("differences are written as diff -u writes them") {
  CHECK(diff("1\n2\n", "1\n2\n").empty());
  CHECK(diff("", "x\n") == "--- a\n+++ b\n@@ -0,0 +1 @@\n+x\n");
  CHECK(diff("x\ny\n", "") == "--- a\n+++ b\n@@ -1,2 +0,0 @@\n-x\n-y\n");
  CHECK(diff("1\n2\n3\n", "1\nII\n3\n") == "--- a\n+++ b\n@@ -1,3 +1,3 @@\n 1\n-2\n+II\n 3\n");
  CHECK(diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n", "0\n2\n3\n4\n5\n6\n7\n8\n9\n") ==
        "--- a\n+++ b\n@@ -1,4 +1,4 @@\n-1\n+0\n 2\n 3\n 4\n@@ -7,4 +7,3 @@\n 7\n 8\n 9\n-10\n");
  CHECK(diff("x\n", "y\n", true) == "--- a\n+++ b\n@@ -1 +1 @@\n\033[31m-x\033[0m\n\033[32m+y\033[0m\n");
}
