#include "junction/scaling.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace junction {
namespace {

std::vector<Endpoint> pods(int count, const char* names = "") {
  std::vector<Endpoint> endpoints;
  for (int i = 0; i < count; ++i)
    endpoints.push_back({.address = SocketAddress::parse(fmt::format("10.42.0.{}:8080", 17 + i)).value(),
                         .pod = *names == 0 ? "" : fmt::format("{}-{}", names, i)});
  return endpoints;
}

std::set<std::string> addresses(const std::vector<Endpoint>& endpoints) {
  std::set<std::string> texts;
  for (const Endpoint& endpoint : endpoints) texts.insert(endpoint.address.to_string());
  return texts;
}

}  // namespace

TEST_CASE("what can be known of scaling") {
  struct Row {
    const char* name;
    const char* pods;
    std::size_t count;
    Scaling::Kind kind;
    std::size_t outcomes;
  };
  for (const auto& [name, names, count, kind, outcomes] : {
           Row{"the same number", "", 6, Scaling::Kind::known, 1},
           Row{"one less of a Deployment", "", 5, Scaling::Kind::every_choice, 6},
           Row{"three less of a Deployment", "", 3, Scaling::Kind::every_choice, 20},
           Row{"two less of a StatefulSet", "web", 4, Scaling::Kind::known, 1},
           Row{"two more", "web", 8, Scaling::Kind::drawn_addresses, 20},
       }) {
    CAPTURE(name);
    const std::vector<Endpoint> known = pods(6, names);
    const Scaling scaling(known, count, 20, 0);
    CHECK(scaling.kind() == kind);
    REQUIRE(scaling.outcomes() == outcomes);
    std::set<std::set<std::string>> different;
    for (std::size_t i = 0; i < outcomes; ++i) {
      const std::vector<Endpoint> endpoints = scaling.outcome(i);
      CHECK(endpoints.size() == count);
      CHECK(addresses(endpoints).size() == count);
      different.insert(addresses(endpoints));
      if (count >= 6) CHECK(std::equal(known.begin(), known.end(), endpoints.begin()));
    }
    CHECK(different.size() == outcomes);
  }
  CHECK(Scaling(pods(30), 15, 20, 0).kind() == Scaling::Kind::drawn_choices);
  CHECK(scaling_name(Scaling::Kind::every_choice) == "every_choice");
}

TEST_CASE("a StatefulSet keeps its lowest ordinals") {
  const std::vector<Endpoint> left = Scaling(pods(6, "web"), 2, 20, 0).outcome(0);
  REQUIRE(left.size() == 2);
  CHECK(left[0].pod == "web-0");
  CHECK(left[1].pod == "web-1");
}

TEST_CASE("the median outcome moves as much as the median says") {
  const std::vector<Endpoint> known = pods(4);
  const Implementation& junction = junction_implementation();
  const Placement placement = junction.place(known, {});
  const ImpactSide before{known, placement, false};
  for (const std::size_t count : {std::size_t{3}, std::size_t{5}}) {
    CAPTURE(count);
    const Scaling scaling(known, count, 31, 0);
    const ScalingImpact all = scaling_impact(before, scaling, junction, {});
    const std::vector<Endpoint> endpoints = scaling.outcome(all.median);
    const Impact median = impact(before, {endpoints, junction.place(endpoints, {}), false});
    CHECK(median.moved == all.moved.median);
    CHECK(all.moved.low <= all.moved.median);
    CHECK(all.moved.median <= all.moved.high);
    CHECK(all.moved.low < all.moved.high);
    CHECK(all.collateral.low <= median.collateral);
    CHECK(median.collateral <= all.collateral.high);
    CHECK(all.imbalance.low <= median.imbalance_after);
    CHECK(median.imbalance_after <= all.imbalance.high);
  }
}

TEST_CASE("scaling under round robin leaves each endpoint its part of everything") {
  const std::vector<Endpoint> known = pods(4);
  const ScalingImpact all =
      scaling_impact({known, Placement(), false}, Scaling(known, 5, 3, 0), junction_implementation(), {});
  CHECK(all.moved == Spread{0.8, 0.8, 0.8});
  CHECK(all.imbalance == Spread{1, 1, 1});
}

}  // namespace junction
