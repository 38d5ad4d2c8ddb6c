#include "junction/endpoint_list.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace junction {

TEST_CASE("endpoints are read from lists, lines, objects and arrays, in order") {
  struct Row {
    const char* text;
    std::vector<std::string> addresses;
  };
  const Row rows[] = {
      {"", {}},
      {"\n \n", {}},
      {"10.0.0.1:80,10.0.0.2:80", {"10.0.0.1:80", "10.0.0.2:80"}},
      {"10.0.0.2:80 10.0.0.1:80\r\n10.0.0.2:80\n", {"10.0.0.2:80", "10.0.0.1:80", "10.0.0.2:80"}},
      {"[fd00::1]:80,[fd00::2]:80", {"[fd00::1]:80", "[fd00::2]:80"}},
      {"{\"address\":\"10.0.0.1:80\"}\n10.0.0.2:80", {"10.0.0.1:80", "10.0.0.2:80"}},
      {R"(["10.0.0.1:80",{"address":"[::1]:2"}])", {"10.0.0.1:80", "[::1]:2"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto endpoints = parse_endpoint_list(row.text, "list");
    REQUIRE(endpoints.ok());
    std::vector<std::string> addresses;
    for (const Endpoint& endpoint : *endpoints) addresses.push_back(endpoint.address.to_string());
    CHECK(addresses == row.addresses);
  }
}

TEST_CASE("an object carries what Envoy looks at") {
  const auto endpoints = parse_endpoint_list(
      R"({"address":"10.0.0.1:80","weight":3,"hash_key":"k","hostname":"h","pod":"p","zone":"z"})", "list");
  REQUIRE(endpoints.ok());
  const Endpoint& endpoint = endpoints->front();
  CHECK(endpoint.weight == 3);
  CHECK(endpoint.hash_key == "k");
  CHECK(endpoint.hostname == "h");
  CHECK(endpoint.pod == "p");
  CHECK(endpoint.zone == "z");
}

TEST_CASE("what is no endpoint is named with its line") {
  for (const char* bad :
       {"x", "10.0.0.1", "10.0.0.1:99999", "{", "{}", "{\"address\":1}", "[1]",
        "{\"address\":\"10.0.0.1:80\",\"weight\":0}", "{\"address\":\"10.0.0.1:80\",\"weight\":-1}"}) {
    CAPTURE(bad);
    const auto endpoints = parse_endpoint_list(bad, "list");
    REQUIRE_FALSE(endpoints.ok());
    CHECK(endpoints.error().message.starts_with("list:1: "));
  }
}

}  // namespace junction
