#include "junction/route_json.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace junction {
namespace {

using nlohmann::json;

json route(const json& rules, const json& parent = {{"group", ""}, {"kind", "Service"}, {"name", "recs"}}) {
  return {{"kind", "HTTPRoute"},
          {"metadata", {{"name", "r"}}},
          {"spec", {{"parentRefs", {parent}}, {"rules", rules}}}};
}

}  // namespace

TEST_CASE("an HTTPRoute is read with Junction's defaults") {
  const auto parsed = parse_http_route(route(json::parse(
      R"([{"matches":[{"path":{"value":"/a"},"headers":[{"name":"x","value":"1"}]}],"backendRefs":[{"name":"b","port":81}]}])")));
  REQUIRE(parsed.ok());
  CHECK(parsed->hostnames == std::vector<std::string>{"recs.default.svc.cluster.local"});
  const RouteMatch& match = parsed->rules[0].matches[0];
  CHECK(match.path->type == TextMatch::Type::prefix);
  CHECK(match.headers[0].value.type == TextMatch::Type::exact);
  CHECK(parsed->rules[0].backends[0].to_string(80) == "b.default.svc.cluster.local:81");
  CHECK(parsed->rules[0].backends[0].weight == 1);
}

TEST_CASE("what Junction refuses in an HTTPRoute is refused by name") {
  struct Row {
    json object;
    const char* named;
  };
  const Row rows[] = {
      {route(json::array(), {{"name", "gateway"}}), "'gateway'"},
      {route(json::parse(R"([{"matches":[{"path":{"type":"RegularExpression","value":"("}}]}])")), "'('"},
      {route(json::parse(R"([{"matches":[{"path":{"type":"Glob","value":"*"}}]}])")), "'Glob'"},
      {route(json::parse(R"([{"backendRefs":[{"name":"b","port":70000}]}])")), "70000"},
      {route(json::parse(R"([{"matches":7}])")), "matches"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.named);
    const auto parsed = parse_http_route(row.object);
    REQUIRE_FALSE(parsed.ok());
    CHECK(parsed.error().message.starts_with("httproute/r: "));
    CHECK(parsed.error().message.find(row.named) != std::string::npos);
  }
}

TEST_CASE("patterns are searched for anywhere in the text") {
  const RegexSearch search = regex_search();
  CHECK(search("b+", "abbc"));
  CHECK_FALSE(search("^b", "abbc"));
  CHECK(search("^a.*c$", "abbc"));
}

}  // namespace junction
