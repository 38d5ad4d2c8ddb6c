#include "tools/logs/query_counts.hpp"

#include <doctest/doctest.h>

using namespace junctionctl::logs;

TEST_CASE("values of a query parameter are counted in access logs of any format") {
  struct Row {
    const char* name;
    const char* log;
    QueryCounts counts;
  };
  const Row rows[] = {
      {"nothing", "", {}},
      {"the seed's lines",
       "GET /recommendations/?query=red&limit=10 200\nGET /recommendations/?query=red&limit=10 500\n",
       {{{"red", 2}}, 0}},
      {"common log format",
       "127.0.0.1 - - [23/Nov/2026:06:48:37 +0000] \"GET /a?query=rose HTTP/1.1\" 200 12\n",
       {{{"rose", 1}}, 0}},
      {"JSON", "{\"target\":\"/a?x=1&query=pinot+noir\",\"status\":200}\n", {{{"pinot noir", 1}}, 0}},
      {"a whole URL", "fetch http://shop/a?query=%C3%A9 ok\n", {{{"é", 1}}, 0}},
      {"no end of line", "GET /?query=red", {{{"red", 1}}, 0}},
      {"an empty value is a value", "GET /?query=\n", {{{"", 1}}, 0}},
      {"others", "starting\nGET /healthz\nGET /?other=1\n\n", {{}, 4}},
      {"the first target of a line counts", "GET /a referer http://x/?query=red\n", {{}, 1}},
      {"names are compared whole", "GET /?myquery=red&QUERY=x\n", {{}, 1}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(count_queries(row.log, "query") == row.counts);
  }
}
