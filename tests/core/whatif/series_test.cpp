#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

#include "junction/impact.hpp"
#include "junction/impact_series.hpp"

namespace junction {
namespace {

std::vector<Endpoint> pods(int count, const std::string& set = {}) {
  std::vector<Endpoint> endpoints;
  for (int i = 0; i < count; ++i) {
    endpoints.push_back({.address = SocketAddress::parse(fmt::format("10.42.0.{}:8080", 17 + i)).value()});
    if (!set.empty()) endpoints.back().pod = fmt::format("{}-{}", set, i);
  }
  return endpoints;
}

SeriesPlan plan(const std::vector<Endpoint>& known, std::size_t first, std::size_t last,
                std::string_view impl = "junction") {
  return {
      .known = known, .implementation = find_implementation(impl), .first = first, .last = last, .draws = 20};
}

}  // namespace

TEST_CASE("ring sizes that give as many entries to each endpoint before as after") {
  struct Row {
    std::uint64_t fewer, more, size;
    SparingSizes sizes;
  };
  for (const auto& [fewer, more, size, sizes] : {
           Row{50, 51, 1024, {1021, 1050}},
           Row{40, 41, 1024, {1026, 1040}},
           Row{4, 5, 1024, {16, 16}},
           Row{1, 2, 1024, {1, 4294967295}},
           Row{10, 20, 1024, {1, 10}},
           Row{7, 7, 1024, {1024, 1024}},
           Row{4, 5, 1, {1, 4}},
       }) {
    CAPTURE(fewer);
    CAPTURE(more);
    CHECK(sparing_ring_sizes(fewer, more, size) == sizes);
  }
}

TEST_CASE("no other size between 1 and n * n spares, whatever the number of endpoints") {
  for (std::uint64_t n = 2; n < 40; ++n) {
    for (std::uint64_t size = 1; size <= n * n + 10; ++size) {
      const auto entries = [&](std::uint64_t endpoints) { return (size + endpoints - 1) / endpoints; };
      const SparingSizes sizes = sparing_ring_sizes(n, n + 1, size);
      const bool inside = sizes.from <= size && size <= sizes.to;
      CAPTURE(n);
      CAPTURE(size);
      CHECK(sizes.from <= sizes.to);
      CHECK(inside == (entries(n) == entries(n + 1)));
    }
  }
}

TEST_CASE("a series has a row a step, with what is ideal and which sizes spare") {
  const std::vector<Endpoint> known = pods(4);
  const Series series = impact_series(plan(known, 1, 60));
  CHECK(series.draws == 20);
  CHECK(series.imbalance == Spread{1, 1, 1});
  REQUIRE(series.steps.size() == 59);
  for (const SeriesStep& step : series.steps) {
    CAPTURE(step.from);
    CHECK(step.ideal == doctest::Approx(1.0 / static_cast<double>(step.from + 1)));
    CHECK(step.collateral.low <= step.collateral.median);
    CHECK(step.collateral.median <= step.collateral.high);
    CHECK(step.moved.median >= step.collateral.median);
    REQUIRE(step.sparing);
    const bool inside = step.sparing->from <= 1024 && 1024 <= step.sparing->to;
    CHECK(inside == (step.collateral.high == 0));
  }
  CHECK(series.steps[49].from == 50);
  CHECK(series.steps[49].collateral.high == 0);
}

TEST_CASE("a step from today's number starts from today's endpoints") {
  const std::vector<Endpoint> known = pods(4);
  const Series series = impact_series(plan(known, 4, 5));
  REQUIRE(series.steps.size() == 1);
  CHECK(series.imbalance.low == series.imbalance.high);
  CHECK(series.steps[0].moved.low < series.steps[0].moved.high);
  CHECK(series.steps[0].moved.median == doctest::Approx(0.3).epsilon(0.1));
}

TEST_CASE("a StatefulSet's steps down are known, so all draws agree") {
  const std::vector<Endpoint> known = pods(6, "web");
  const Series series = impact_series(plan(known, 2, 6));
  for (const SeriesStep& step : series.steps) CHECK(step.moved.low == step.moved.high);
  const std::span<const Endpoint> all = known;
  const Implementation& junction = junction_implementation();
  const Impact direct = impact({all.first(2), junction.place(all.first(2), {})},
                               {all.first(3), junction.place(all.first(3), {})});
  CHECK(series.steps[0].moved.median == direct.moved);
  CHECK(series.steps[0].collateral.median == direct.collateral);
}

TEST_CASE("a table has no ring sizes, and a series that is stopped has one draw") {
  const std::vector<Endpoint> known = pods(3);
  SeriesPlan tables = plan(known, 2, 4, "maglev");
  tables.placement.table_size = 1021;
  tables.stop = [] { return true; };
  const Series series = impact_series(tables);
  CHECK(series.draws == 1);
  for (const SeriesStep& step : series.steps) CHECK(!step.sparing);
}

}  // namespace junction
