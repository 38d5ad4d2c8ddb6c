#include "junction/closest_word.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace junction {

TEST_CASE("the distance of two words is the number of slips between them") {
  struct Row {
    const char *a, *b;
    std::size_t distance;
  };
  for (const Row& row :
       {Row{"", "", 0}, Row{"patch", "patch", 0}, Row{"", "abc", 3}, Row{"ptach", "patch", 1},
        Row{"generat", "generate", 1}, Row{"duraton", "duration", 1}, Row{"merge", "marge", 1},
        Row{"logss", "logs", 1}, Row{"abcd", "badc", 2}, Row{"kitten", "sitting", 3},
        Row{"ca", "abc", 3}}) {  // of the unrestricted distance it is 2
    CAPTURE(row.a);
    CHECK(edit_distance(row.a, row.b) == row.distance);
    CHECK(edit_distance(row.b, row.a) == row.distance);
  }
}

TEST_CASE("a slip names the word that was meant, anything else none") {
  const std::vector<std::string> verbs = {"patch", "explain", "generate", "merge", "scale", "logs"};
  struct Row {
    const char *typed, *meant;
  };
  for (const Row& row : {Row{"ptach", "patch"}, Row{"generat", "generate"}, Row{"gen", "generate"},
                         Row{"log", "logs"}, Row{"EXPLAIN", "explain"}, Row{"get", ""}, Row{"", ""},
                         Row{"x", ""}, Row{"delete", ""}, Row{"marge", "merge"}}) {
    CAPTURE(row.typed);
    CHECK(closest_word(row.typed, verbs) == row.meant);
  }
  CHECK(closest_word(std::string(1 << 20, 'x'), verbs).empty());
  CHECK(did_you_mean("ptach", verbs) == "; did you mean 'patch'?");
  CHECK(did_you_mean("get", verbs).empty());
}

}  // namespace junction
