// Every case of impact.jsonl: changes whose shares, movement and flows another implementation computed.
#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "junction/impact.hpp"

using nlohmann::json;

namespace junction {
namespace {

constexpr double exact = 1e-9;

struct Placed {
  std::vector<Endpoint> endpoints;
  Placement placement;
};

Placed place(const Implementation& implementation, const json& list, std::uint64_t size) {
  Placed placed;
  for (const json& from : list)
    placed.endpoints.push_back(
        {.address = SocketAddress::parse(from.at("address").get<std::string>()).value(),
         .weight = from.value("weight", 1U)});
  const PlacementOptions options{.min_ring_size = static_cast<std::uint32_t>(size), .table_size = size};
  REQUIRE(implementation.check(placed.endpoints, options).ok());
  placed.placement = implementation.place(placed.endpoints, options);
  return placed;
}

std::map<std::string, double> shares(const Impact& impact, double ImpactEndpoint::*share) {
  std::map<std::string, double> shares;
  for (const ImpactEndpoint& endpoint : impact.endpoints)
    shares[endpoint.address.to_string()] = endpoint.*share;
  return shares;
}

void check_shares(const json& expected, const std::map<std::string, double>& shares) {
  double sum = 0;
  for (const auto& [address, share] : shares) {
    CAPTURE(address);
    CHECK(std::abs(share - expected.value(address, 0.0)) < exact);
    sum += share;
  }
  CHECK(std::abs(sum - 1) < exact);
}

void check_flows(const json& expected, const Impact& impact) {
  REQUIRE(impact.flows.size() >= expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    const ImpactFlow& flow = impact.flows[i];
    CHECK(std::abs(flow.share - expected[i][2].get<double>()) < exact);
    CHECK(impact.endpoints[flow.from].address.to_string() == expected[i][0]);
    CHECK(impact.endpoints[flow.to].address.to_string() == expected[i][1]);
  }
}

}  // namespace

TEST_CASE("what changes move, to 1e-9 of another implementation's figures") {
  std::ifstream file(TEST_DATA "/impact.jsonl");
  std::size_t cases = 0;
  for (std::string line; std::getline(file, line); ++cases) {
    const json test = json::parse(line);
    const std::string name = test.at("name");
    CAPTURE(name);
    const Implementation* const implementation = find_implementation(test.at("impl").get<std::string>());
    REQUIRE(implementation);
    const Placed before = place(*implementation, test.at("before"), test.at("size_before"));
    const Placed after = place(*implementation, test.at("after"), test.at("size_after"));
    const Impact result = impact({before.endpoints, before.placement}, {after.endpoints, after.placement});
    const json& expected = test.at("expected");
    CHECK(std::abs(result.moved - expected.at("moved").get<double>()) < exact);
    CHECK(std::abs(result.ideal - expected.at("ideal").get<double>()) < exact);
    CHECK(std::abs(result.collateral - expected.at("collateral").get<double>()) < exact);
    check_shares(expected.at("before"), shares(result, &ImpactEndpoint::share_before));
    check_shares(expected.at("after"), shares(result, &ImpactEndpoint::share_after));
    check_flows(expected.at("flows"), result);
  }
  CHECK(cases == 12);
}

}  // namespace junction
