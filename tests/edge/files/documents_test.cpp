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
      parse_documents("---\n---\na: 1\n---\nkind: List\nitems: [{b: 2}, {c: 3}]\n...\n", "x.yaml");
  REQUIRE(documents.ok());
  CHECK(*documents == std::vector<json>{{{"a", 1}}, {{"b", 2}}, {{"c", 3}}});
  CHECK(parse_documents("", "x.yaml")->empty());
  CHECK(parse_documents(R"({"kind":"List","items":[{"a":1}]})", "x.json")->size() == 1);
}

TEST_CASE("a list as the API server sends it says once what its items are") {
  const auto typed = parse_documents(
      R"({"kind":"EndpointSliceList","apiVersion":"discovery.k8s.io/v1","items":[{"a":1},{"kind":"Other","apiVersion":"v2"},7]})",
      "x.json");
  CHECK(*typed ==
        std::vector<json>{{{"a", 1}, {"kind", "EndpointSlice"}, {"apiVersion", "discovery.k8s.io/v1"}},
                          {{"kind", "Other"}, {"apiVersion", "v2"}},
                          7});
  CHECK(parse_documents("kind: ServiceList\nitems: null\n", "x.yaml")->empty());
  CHECK(parse_documents("kind: List\nitems: [{a: 1}]\n", "x.yaml").value() == std::vector<json>{{{"a", 1}}});
  for (const char* odd :
       {R"({"kind":5,"items":[]})", R"({"kind":"PodList","items":{}})", R"({"items":[{"a":1}]})"}) {
    CAPTURE(odd);
    CHECK(parse_documents(odd, "x.json").value() == std::vector<json>{json::parse(odd)});
  }
}

TEST_CASE("JSON values may follow each other, with or without anything between") {
  struct Row {
    const char* text;
    std::vector<json> documents;
  };
  const Row rows[] = {
      {R"({"a":1}{"b":"}{"})", {{{"a", 1}}, {{"b", "}{"}}}},
      {"{\"a\":1}\n\n {\"b\":[2]}\r\n", {{{"a", 1}}, {{"b", {2}}}}},
      {"\x1e{\"a\":1}\n\x1e{\"b\":\"\\\"{\"}\n", {{{"a", 1}}, {{"b", "\"{"}}}},
      {"{\"kind\":\"List\",\"items\":[{\"a\":1}]}\n{\"b\":2}", {{{"a", 1}}, {{"b", 2}}}},
      {"{\"a\":1}\n---\n{\"b\":2}\n", {{{"a", 1}}, {{"b", 2}}}},
      {"{a: 1}\n", {{{"a", 1}}}},
      {"{\"a\": 1, }\n", {{{"a", 1}}}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto documents = parse_documents(row.text, "x.json");
    REQUIRE_MESSAGE(documents, documents.error().message);
    CHECK(*documents == row.documents);
  }
  CHECK(parse_documents("{\"a\":1}\n{\"b\":}", "x.json").error().message ==
        "x.json: document 2: line 1, column 6: this is no JSON, '}' is not expected here");
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

TEST_CASE("anchors, merge keys, tags and the styles of text") {
  const auto documents = parse_documents(R"(
base: &base {a: 1, b: 2}
list: &list [1, two]
again: *list
one: {<<: *base, b: 3}
both: {<<: [*base, {c: 4}], d: 5}
text: !!str 80
literal: |
  first
  second
folded: >-
  first
  second
? key
: 'it''s'
)",
                                         "x.yaml");
  if (!documents) FAIL(documents.error().message);
  const json& all = documents->front();
  CHECK(all["again"] == json{1, "two"});
  CHECK(all["one"] == json{{"a", 1}, {"b", 3}});
  CHECK(all["both"] == json{{"a", 1}, {"b", 2}, {"c", 4}, {"d", 5}});
  CHECK(all["text"] == "80");
  CHECK(all["literal"] == "first\nsecond\n");
  CHECK(all["folded"] == "first second");
  CHECK(all["key"] == "it's");
}

TEST_CASE("YAML that would blow up is refused") {
  std::string laughs = "a0: &a0 [x, x]\n";
  for (int i = 1; i < 40; ++i) {
    const std::string n = std::to_string(i), last = std::to_string(i - 1);
    laughs += "a" + n + ": &a" + n + " [*a" + last + ", *a" + last + "]\n";
  }
  struct Row {
    std::string text;
    const char* message;
  };
  std::string strings = "long: &long \"" + std::string(1000000, 'x') + "\"\nlist:\n", nested;
  for (int i = 0; i < 100; ++i) strings += "- *long\n";
  for (int i = 0; i < 490; ++i) nested += "&a" + std::to_string(i) + " [";
  const Row rows[] = {
      {laughs, "too many bytes"},
      {strings, "too many bytes"},
      {nested + std::string(1000000, 'x') + std::string(490, ']') + "\n", "too many bytes"},
      {R"({"a":)" + std::string(100000, '[') + std::string(100000, ']') + "}", "nested too deeply"},
      {std::string(100000, '[') + "a: b: c", "nested too deeply"},
      {"a: &x [*x]\n", "the anchor 'x' is not known"},
      {"[a]: b\n", "a key must be"},
      {"a: 1\n b: 2\n", "x.yaml:2: "},
      {"a: \"b\n", "x.yaml:"}};
  for (const Row& row : rows) {
    const auto documents = parse_documents(row.text, "x.yaml");
    REQUIRE_FALSE(documents);
    CAPTURE(documents.error().message);
    CHECK(documents.error().message.find(row.message) != std::string::npos);
  }
}

TEST_CASE("YAML is written as kubectl writes it") {
  const json value = {
      {"clusterIP", "10.96.130.21"},
      {"clusterIPs", {"10.96.130.21"}},
      {"creationTimestamp", "2026-11-24T14:34:16Z"},
      {"none", json::object()},
      {"policy", "{\"type\":\"RoundRobin\"}"},
      {"resourceVersion", "360"},
      {"text", "two\nlines\n"},
      {"uid", "5682ac77-1714-4ec7-8b8f-933489425d90"},
      {"words",
       {"10.42.0.17:80", "yes", "y", "0x1f", "1e3", "1:30", "1_000", ".5", "-", "null", "", "v1", "a b"}}};
  // $ kubectl create configmap c --dry-run=client -o yaml and the like, 1.33
  CHECK(to_yaml(value) == R"(clusterIP: 10.96.130.21
clusterIPs:
- 10.96.130.21
creationTimestamp: "2026-11-24T14:34:16Z"
none: {}
policy: '{"type":"RoundRobin"}'
resourceVersion: "360"
text: |
  two
  lines
uid: 5682ac77-1714-4ec7-8b8f-933489425d90
words:
- 10.42.0.17:80
- "yes"
- "y"
- "0x1f"
- "1e3"
- "1:30"
- "1_000"
- ".5"
- '-'
- "null"
- ""
- v1
- a b
)");
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
