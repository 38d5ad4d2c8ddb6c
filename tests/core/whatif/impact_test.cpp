#include "junction/impact.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace junction {
namespace {

std::vector<Endpoint> pods(int first, int count) {
  std::vector<Endpoint> endpoints;
  for (int i = 0; i < count; ++i)
    endpoints.push_back({.address = SocketAddress::parse(
                                        fmt::format("10.42.{}.{}:8080", (first + i) / 250, (first + i) % 250))
                                        .value()});
  return endpoints;
}

Impact change(std::string_view impl, const std::vector<Endpoint>& before, const std::vector<Endpoint>& after,
              const PlacementOptions& options = {}) {
  const Implementation& implementation = *find_implementation(impl);
  const bool by_weight = minds_weights(implementation);
  return impact({before, implementation.place(before, options), by_weight},
                {after, implementation.place(after, options), by_weight});
}

std::string points(double share) {
  return fmt::format("{:.1f}", 100 * share);
}

double sum_of_flows(const Impact& impact) {
  double sum = 0;
  for (const ImpactFlow& flow : impact.flows) sum += flow.share;
  return sum;
}

}  // namespace

TEST_CASE("from four endpoints to five: what three clients move, and how much of it needlessly") {
  struct Row {
    const char* impl;
    const char* moved;
    const char* collateral;
  };
  for (const auto& [impl, moved, collateral] : {
           Row{"junction", "30.2", "9.9"},
           Row{"envoy", "28.2", "8.9"},
           Row{"maglev", "20.1", "0.1"},
       }) {
    CAPTURE(impl);
    const Impact result = change(impl, pods(17, 4), pods(17, 5));
    CHECK(points(result.moved) == moved);
    CHECK(points(result.collateral) == collateral);
    CHECK(result.ideal == doctest::Approx(0.2));
    CHECK(sum_of_flows(result) == doctest::Approx(result.moved));
  }
}

TEST_CASE("from 50 endpoints to 51 nothing moves between those that stay") {
  const Impact result = change("junction", pods(17, 50), pods(17, 51));
  CHECK(result.collateral == 0);
  CHECK(result.moved == result.endpoints.back().share_after);
  CHECK(result.flows.size() <= 50);
}

TEST_CASE("without a change nothing moves") {
  for (const Implementation* implementation : implementations()) {
    const std::string_view name = implementation->name();
    CAPTURE(name);
    const Impact result = change(name, pods(17, 7), pods(17, 7), {.table_size = 251});
    CHECK(result.moved == 0);
    CHECK(result.ideal == 0);
    CHECK(result.collateral == 0);
    CHECK(result.flows.empty());
    CHECK(result.imbalance_before == result.imbalance_after);
  }
}

TEST_CASE("a list's order does not matter to Junction, and moves nothing") {
  std::vector<Endpoint> turned = pods(17, 7);
  std::reverse(turned.begin(), turned.end());
  const Impact result = change("junction", pods(17, 7), turned);
  CHECK(result.moved == 0);
  CHECK(result.endpoints.front().before == 0);
  CHECK(result.endpoints.front().after == 6);
}

TEST_CASE("an address that a list names twice is one endpoint with two endpoints' share") {
  std::vector<Endpoint> twice = pods(17, 2);
  twice.push_back(twice.front());
  const Impact result = change("junction", twice, pods(17, 2));
  REQUIRE(result.endpoints.size() == 2);
  CHECK(result.endpoints.front().before == 0);
  CHECK(result.endpoints.front().fair_before == doctest::Approx(2.0 / 3));
  CHECK(result.ideal == doctest::Approx(1.0 / 6));
  CHECK(result.collateral == result.moved);
}

TEST_CASE("fair shares are by weight where the client minds weights") {
  std::vector<Endpoint> before = pods(17, 2), after = pods(17, 3);
  after.back().weight = 2;
  CHECK(change("envoy", before, after).ideal == doctest::Approx(0.5));
  CHECK(change("maglev", before, after).ideal == doctest::Approx(0.5));
  CHECK(change("junction", before, after).ideal == doctest::Approx(1.0 / 3));
}

TEST_CASE("who minds weights") {
  struct Row {
    const char* impl;
    bool minds;
  };
  for (const auto& [impl, minds] :
       {Row{"junction", false}, Row{"junction-rust-1.81", false}, Row{"envoy", true}, Row{"maglev", true}}) {
    CAPTURE(impl);
    CHECK(minds_weights(*find_implementation(impl)) == minds);
  }
}

TEST_CASE("round robin gives every endpoint its part of everything") {
  const std::vector<Endpoint> before = pods(17, 4);
  const Impact result = impact({before, junction_implementation().place(before, {})}, {before, Placement()});
  CHECK(result.moved == doctest::Approx(0.75));
  CHECK(result.collateral == result.moved);
  CHECK(result.flows.size() == 12);
  CHECK(result.imbalance_after == 1);
}

TEST_CASE("an endpoint's share goes to its heirs") {
  const std::vector<Endpoint> before = pods(17, 5), after = pods(17, 4);
  const Impact result = change("maglev", before, after);
  double inherited = 0;
  for (const ImpactFlow& flow : result.flows)
    if (flow.from == 4) inherited += flow.share;
  CHECK(inherited == doctest::Approx(result.endpoints[4].share_before));
  CHECK(result.endpoints[4].after == -1);
  CHECK(result.endpoints[4].share_after == 0);
}

}  // namespace junction
