#include "tools/output/run_csv.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

namespace junctionctl {

TEST_CASE("no cell of CSV is a formula, ends its line or its column") {
  struct Row {
    const char *name, *value, *cell;
  };
  for (const Row& row : {
           Row{"text", "pinot noir", "pinot noir"},
           Row{"formula", "=1+1", "'=1+1"},
           Row{"formula with a comma and quotes", "=HYPERLINK(\"x\",1)", "\"'=HYPERLINK(\"\"x\"\",1)\""},
           Row{"plus", "+cmd|'x'!A0", "'+cmd|'x'!A0"},
           Row{"minus", "-2+3", "'-2+3"},
           Row{"at", "@SUM(1)", "'@SUM(1)"},
           Row{"full-width equals",
               "\xef\xbc\x9d"
               "1",
               "'\xef\xbc\x9d"
               "1"},
           Row{"a number stays one", "-5", "-5"},
           Row{"a number with a fraction", "-1.5e3", "-1.5e3"},
           Row{"a sign alone", "-", "'-"},
           Row{"tab before a formula", "\t=1", "\\x09=1"},
           Row{"carriage return before a formula", "\r=1", "\\x0d=1"},
           Row{"line feed", "a\nb", "a\\x0ab"},
           Row{"quotes", "a\"b", "\"a\"\"b\""},
           Row{"escape", "\x1b[31m", "\\x1b[31m"},
       }) {
    CAPTURE(row.name);
    junction::RunReport report;
    report.plan.queries = {row.value};
    report.tally.by_query.resize(1);
    std::ostringstream out;
    write_run_csv(report, out);
    CHECK(out.str().find(std::string("\r\nquery,") + row.cell + ",0,") != std::string::npos);
  }
}

}  // namespace junctionctl
