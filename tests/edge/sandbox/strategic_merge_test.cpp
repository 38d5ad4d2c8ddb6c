#include "edge/sandbox/strategic_merge.hpp"

#include <doctest/doctest.h>

using junction::sandbox::strategic_merge;
using nlohmann::json;

TEST_CASE("strategic merge") {
  struct Row {
    const char *name, *object, *patch, *merged;
  };
  const Row rows[] = {
      {"ports merge by their number", R"({"spec":{"ports":[{"port":80,"targetPort":8080},{"port":9090}]}})",
       R"({"spec":{"ports":[{"port":80,"name":"http"}]}})",
       R"({"spec":{"ports":[{"port":80,"targetPort":8080,"name":"http"},{"port":9090}]}})"},
      {"a new member is added", R"({"spec":{"ports":[{"port":80}]}})", R"({"spec":{"ports":[{"port":81}]}})",
       R"({"spec":{"ports":[{"port":80},{"port":81}]}})"},
      {"$patch: delete takes a member out", R"({"spec":{"ports":[{"port":80},{"port":81}]}})",
       R"({"spec":{"ports":[{"port":80,"$patch":"delete"}]}})", R"({"spec":{"ports":[{"port":81}]}})"},
      {"$patch: replace replaces a list", R"({"spec":{"ports":[{"port":80},{"port":81}]}})",
       R"({"spec":{"ports":[{"$patch":"replace"},{"port":82}]}})", R"({"spec":{"ports":[{"port":82}]}})"},
      {"$patch: replace replaces a map", R"({"metadata":{"labels":{"a":"b"}}})",
       R"({"metadata":{"labels":{"$patch":"replace","c":"d"}}})", R"({"metadata":{"labels":{"c":"d"}}})"},
      {"$setElementOrder orders", R"({"spec":{"ports":[{"port":80},{"port":81}]}})",
       R"({"spec":{"$setElementOrder/ports":[{"port":81},{"port":80}]}})",
       R"({"spec":{"ports":[{"port":81},{"port":80}]}})"},
      {"null removes", R"({"metadata":{"annotations":{"a":"b","c":"d"}}})",
       R"({"metadata":{"annotations":{"a":null}}})", R"({"metadata":{"annotations":{"c":"d"}}})"},
      {"a list without a key is replaced", R"({"spec":{"clusterIPs":["a","b"]}})",
       R"({"spec":{"clusterIPs":["c"]}})", R"({"spec":{"clusterIPs":["c"]}})"},
      {"finalizers add up", R"({"metadata":{"finalizers":["a"]}})",
       R"({"metadata":{"finalizers":["a","b"]}})", R"({"metadata":{"finalizers":["a","b"]}})"},
      {"$deleteFromPrimitiveList removes", R"({"metadata":{"finalizers":["a","b"]}})",
       R"({"metadata":{"$deleteFromPrimitiveList/finalizers":["a"]}})",
       R"({"metadata":{"finalizers":["b"]}})"},
      {"$retainKeys drops the others", R"({"spec":{"strategy":{"type":"A","rollingUpdate":{}}}})",
       R"({"spec":{"strategy":{"$retainKeys":["type"],"type":"B"}}})",
       R"({"spec":{"strategy":{"type":"B"}}})"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const auto merged = strategic_merge(json::parse(row.object), json::parse(row.patch));
    REQUIRE(merged.ok());
    CHECK(*merged == json::parse(row.merged));
  }
  const auto failed =
      strategic_merge(json::parse(R"({"spec":{}})"), json::parse(R"({"spec":{"ports":[{"name":"x"}]}})"));
  REQUIRE(!failed.ok());
  CHECK(failed.error().message == "map: map[name:x] does not contain declared merge key: port");
}
