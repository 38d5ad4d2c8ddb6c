#include "edge/files/field.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace junction;
using nlohmann::json;

namespace {

const json document = json::parse(R"({
  "name": "red", "on": true, "half": 0.5, "nothing": null, "token": 12345, "big": 18446744073709551615, "less": -7,
  "ports": [{"port": 80}, {"port": "http"}, {"port": 70000}, 5],
  "labels": {"app": "wine", "tier": 2}})");

}  // namespace

TEST_CASE("what stands where it should is read, and what is absent is what the reader says") {
  const auto read = read_fields(document, [](const Field& root) {
    CHECK(root["name"].text() == "red");
    CHECK(root["name"].text_or("x") == "red");
    CHECK(root["nothing"].text_or("x") == "x");
    CHECK(root["missing"].text_or_empty().empty());
    CHECK(root["missing"]["deeper"].text_or("x") == "x");
    CHECK(root["nothing"]["deeper"].text_or("x") == "x");
    CHECK(root["on"].boolean());
    CHECK_FALSE(root["nothing"].boolean_or_none());
    CHECK(root["half"].number() == 0.5);
    CHECK(root["ports"].items().size() == 4);
    CHECK(root["big"].whole<std::uint64_t>() == 18446744073709551615U);
    CHECK(root["less"].whole<int>(-7, -7) == -7);
    CHECK_FALSE(root["missing"].whole_or_none<int>());
    for (const Field item : root["missing"].items_or_none()) item.fail("is not there");
    for (const auto& [name, item] : root["nothing"].members_or_none()) item.fail("is not there");
    std::vector<std::string> names;
    for (const auto& [name, item] : root["labels"].members()) names.push_back(name);
    CHECK(root["missing"].absent());
    CHECK(root["missing"].missing());
    CHECK(root["nothing"].absent());
    CHECK_FALSE(root["nothing"].missing());
    CHECK(root["missing"].json().is_null());
    return names;
  });
  REQUIRE(read);
  CHECK(*read == std::vector<std::string>{"app", "tier"});
}

TEST_CASE("what is not as it must be is an error that names the place and what is there") {
  struct Row {
    const char* name;
    void (*read)(const Field&);
    const char* message;
  };
  const Row rows[] = {
      {"no string", [](const Field& f) { (void)f["on"].text(); }, "on must be a string, not true"},
      {"no string, though absent would do", [](const Field& f) { (void)f["on"].text_or("x"); },
       "on must be a string, not true"},
      {"missing", [](const Field& f) { (void)f["x"].text(); }, "x is missing"},
      {"the first that is missing", [](const Field& f) { (void)f["x"]["y"].text(); }, "x is missing"},
      {"a member of null", [](const Field& f) { (void)f["nothing"]["y"].text(); }, "nothing.y is missing"},
      {"null", [](const Field& f) { (void)f["nothing"].text(); }, "nothing must be a string, not null"},
      {"an item",
       [](const Field& f) {
         for (const Field p : f["ports"].items()) (void)p["port"].whole<int>();
       },
       "ports[1].port must be a whole number from -2147483648 to 2147483647, not \"http\""},
      {"a member of no map", [](const Field& f) { (void)f["name"]["x"]; }, "name must be a map, not \"red\""},
      {"a map's member",
       [](const Field& f) {
         for (const auto& [n, v] : f["labels"].members()) (void)v.text();
       },
       "labels.tier must be a string, not 2"},
      {"no list", [](const Field& f) { (void)f["labels"].items_or_none(); },
       "labels must be a list, not {\"app\":\"wine\",\"tier\":2}"},
      {"no map", [](const Field& f) { (void)f["ports"].members_or_none(); }, "ports must be a map, not [{"},
      {"too much", [](const Field& f) { (void)f["big"].whole<std::int64_t>(); }, "not 18446744073709551615"},
      {"too little", [](const Field& f) { (void)f["less"].whole<unsigned>(); },
       "less must be a whole number from 0 to 4294967295, not -7"},
      {"no whole number", [](const Field& f) { (void)f["half"].whole<int>(); }, "not 0.5"},
      {"out of the bounds given", [](const Field& f) { (void)f["less"].whole<int>(0, 5); },
       "from 0 to 5, not -7"},
      {"no switch", [](const Field& f) { (void)f["name"].boolean_or_none(); },
       "name must be true or false, not \"red\""},
      {"no number", [](const Field& f) { (void)f["name"].number(); }, "name must be a number, not \"red\""},
      {"a secret is not shown", [](const Field& f) { (void)f["token"].text(); }, "token must be a string"},
      {"the document itself", [](const Field& f) { (void)f.text(); }, "the document must be a string, not {"},
      {"own words behind the place", [](const Field& f) { f["labels"]["app"].fail("is no grape"); },
       "labels.app is no grape"},
      {"own words", [](const Field&) { Field::refuse("enough"); }, "enough"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Result<void> read = read_fields(document, row.read);
    REQUIRE_FALSE(read);
    CAPTURE(read.error().message);
    CHECK(read.error().kind == ErrorKind::invalid);
    CHECK(read.error().message.find(row.message) != std::string::npos);
    CHECK(read.error().message.find("12345") == std::string::npos);
  }
}

TEST_CASE("a message stays short, whatever stands there") {
  json wide;
  wide[std::string(1000, 'k')] = std::string(300, '\xC3') + "\xC3\xA9";
  wide["accents"] = "";
  for (int i = 0; i < 200; ++i) wide["accents"] = wide["accents"].get<std::string>() + "\xC3\xA9";
  const auto key = read_fields(wide, [](const Field& root) {
    for (const auto& [name, value] : root.members())
      if (name != "accents") (void)value.boolean();
  });
  REQUIRE_FALSE(key);
  CHECK(key.error().message.size() < 400);
  const auto value = read_fields(wide, [](const Field& root) { (void)root["accents"].boolean(); });
  REQUIRE_FALSE(value);
  CHECK(value.error().message.size() < 150);
  CHECK(value.error().message.ends_with("\xC3\xA9..."));  // no half of a character
}

TEST_CASE("a reader may give up with an error of its own kind") {
  const auto own = read_fields(document, [](const Field&) -> Result<int> {
    return Error{ErrorKind::owned, "another's"};
  });
  REQUIRE_FALSE(own);
  CHECK(own.error() == Error{ErrorKind::owned, "another's"});
  const auto fine = read_fields(document, [](const Field&) -> Result<int> { return 5; });
  REQUIRE(fine);
  CHECK(*fine == 5);
}

TEST_CASE("member() looks without failing") {
  CHECK(member(document, "name") == "red");
  CHECK(member(document, "x").is_null());
  CHECK(member(document["ports"], "x").is_null());
  CHECK(member(json(5), "x").is_null());
}
