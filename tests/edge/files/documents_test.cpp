#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "junction/documents.hpp"

namespace junction {

using nlohmann::json;

TEST_CASE("YAML scalars take their JSON types") {
  const auto documents = parse_documents(
      "a: 1\nb: '1'\nc: true\nd: \"true\"\ne: ~\nf: 1.5\ng: 1e3\nh: 0x10\ni: 10.42.0.17\nj: on\nk: "
      "18446744073709551615\n",
      "x.yaml");
  REQUIRE(documents.ok());
  REQUIRE(documents->size() == 1);
  const json expected = {{"a", 1},
                         {"b", "1"},
                         {"c", true},
                         {"d", "true"},
                         {"e", nullptr},
                         {"f", 1.5},
                         {"g", 1000.0},
                         {"h", "0x10"},
                         {"i", "10.42.0.17"},
                         {"j", "on"},
                         {"k", 18446744073709551615ULL}};
  CHECK(documents->front() == expected);
}

TEST_CASE("documents, empty ones and Lists") {
  const auto documents =
      parse_documents("---\n---\na: 1\n---\nkind: ServiceList\nitems: [{b: 2}, {c: 3}]\n...\n", "x.yaml");
  REQUIRE(documents.ok());
  CHECK(*documents == std::vector<json>{{{"a", 1}}, {{"b", 2}}, {{"c", 3}}});
  CHECK(parse_documents("", "x.yaml")->empty());
  CHECK(parse_documents(R"({"kind":"List","items":[{"a":1}]})", "x.json")->size() == 1);
}

TEST_CASE("errors name the file and the line") {
  const auto broken = parse_documents("a: 1\nb: [1,\n", "b.yaml");
  REQUIRE_FALSE(broken.ok());
  CHECK(broken.error().message.starts_with("b.yaml:"));
  CHECK(parse_documents("a: 1\na: 2\n", "b.yaml").error().message.find("'a' is there twice") !=
        std::string::npos);
  CHECK(read_documents("/no/such/file").error().kind == ErrorKind::not_found);
  CHECK(read_documents("/").error().kind == ErrorKind::io);
}

TEST_CASE("YAML that is written reads back the same") {
  const json value = {
      {"s", {"a", "", "1", "true", "a: b", "line\nline", "-x", "#c", "{\"type\":\"RingHash\"}", "yes"}},
      {"n", {1, -1, 1.5}},
      {"b", false},
      {"z", nullptr},
      {"e", json::object()},
      {"l", json::array()}};
  CHECK(parse_documents(to_yaml(value), "x").value().front() == value);
}

}  // namespace junction
