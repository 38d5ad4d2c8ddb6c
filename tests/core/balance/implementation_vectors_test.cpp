// Every case of envoy-grpc-maglev.jsonl: Envoy's published unit tests, and a second implementation that
// agrees with them.
#include <doctest/doctest.h>

#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "junction/hash.hpp"
#include "junction/implementation.hpp"

using nlohmann::json;

namespace junction {
namespace {

std::vector<Endpoint> endpoints_from(const json& test) {
  std::vector<Endpoint> endpoints;
  for (const json& from : test.at("endpoints"))
    endpoints.push_back({.address = SocketAddress::parse(from.at("address").get<std::string>()).value(),
                         .weight = from.value("weight", 1U),
                         .hash_key = from.value("hash_key", ""),
                         .hostname = from.value("hostname", "")});
  return endpoints;
}

PlacementOptions options_from(const json& test) {
  PlacementOptions options;
  options.min_ring_size = test.value("min_ring_size", options.min_ring_size);
  options.max_ring_size = test.value("max_ring_size", options.max_ring_size);
  options.table_size = test.value("table_size", options.table_size);
  return options;
}

void check_placement(const Placement& placement, const json& test, std::size_t endpoints) {
  if (test.contains("ring_size")) CHECK(placement.size() == test["ring_size"]);
  if (test.contains("ring_xxh64")) CHECK(hex64(placement.digest()) == test["ring_xxh64"]);
  if (test.contains("table_xxh64")) CHECK(hex64(placement.digest()) == test["table_xxh64"]);
  if (test.contains("entries_per_endpoint"))
    CHECK(json(placement.counts(endpoints)) == test["entries_per_endpoint"]);
  if (test.contains("slots_per_endpoint"))
    CHECK(json(placement.counts(endpoints)) == test["slots_per_endpoint"]);
}

std::uint64_t from_hex(const std::string& text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value, 16);
  return value;
}

}  // namespace

TEST_CASE("Envoy's, gRPC's and Maglev's vectors") {
  std::ifstream file(TEST_DATA "/envoy-grpc-maglev.jsonl");
  std::size_t cases = 0, picks = 0;
  for (std::string line; std::getline(file, line); ++cases) {
    const json test = json::parse(line);
    const std::string name = test.at("name"), impl = test.at("impl");
    CAPTURE(impl);
    CAPTURE(name);
    const Implementation* const implementation = find_implementation(impl);
    REQUIRE(implementation);
    const auto endpoints = endpoints_from(test);
    CHECK(implementation->check(endpoints, options_from(test)).ok());
    const Placement placement = implementation->place(endpoints, options_from(test));
    check_placement(placement, test, endpoints.size());
    for (const json& pick : test.at("picks")) {
      const std::size_t at = placement.find(from_hex(pick.at("hash")));
      CHECK(endpoints[placement.endpoint(at)].address.to_string() == pick.at("endpoint"));
      ++picks;
    }
  }
  CHECK(cases == 41);
  CHECK(picks == 528);
}

}  // namespace junction
