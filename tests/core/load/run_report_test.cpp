#include "junction/run_report.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/core/load/sample_run.hpp"

namespace junction {

TEST_CASE("the achieved rate counts what was not sent and what was sent too late") {
  RunReport report = sample_run();
  CHECK(report.rate_ratio() == doctest::Approx(1).epsilon(1e-5));
  CHECK(report.sent_rate() == doctest::Approx(100).epsilon(0.01));
  report.scheduled = 2000;
  CHECK(report.rate_ratio() == doctest::Approx(0.5).epsilon(1e-5));
  report.scheduled = 1000;
  report.last_sent = 2 * report.last_due;
  CHECK(report.rate_ratio() == doctest::Approx(0.5).epsilon(1e-5));
  report.plan.rate = 0;
  CHECK(report.rate_ratio() == 0);
}

TEST_CASE("shards merge to the run that was not split") {
  const RunReport whole = sample_run();
  for (const std::uint32_t shards : {2U, 3U, 7U}) {
    CAPTURE(shards);
    RunReport merged = sample_run(whole.recorder, 0, shards);
    for (std::uint32_t shard = 1; shard < shards; ++shard) {
      REQUIRE(merge(merged, sample_run(whole.recorder, shard, shards)).ok());
    }
    CHECK(merged.tally == whole.tally);
    CHECK(merged.scheduled == whole.scheduled);
    CHECK(merged.elapsed == whole.elapsed);
    CHECK(merged.plan.rate == doctest::Approx(whole.plan.rate));
    CHECK(merged.plan.shard.size() == shards);
    CHECK(merged.rate_ratio() == doctest::Approx(whole.rate_ratio()));
  }
}

TEST_CASE("endpoints that a shard saw in another order are added by their address") {
  RunReport a = sample_run();
  RunReport b = sample_run();
  const std::string last = b.endpoints[2];
  b.endpoints = {last, "10.42.0.99:80", b.endpoints[0]};
  const auto second = a.tally.by_endpoint[1];
  REQUIRE(merge(a, b).ok());
  CHECK(a.endpoints.size() == 4);
  CHECK(a.tally.by_endpoint[0].outcomes.total() == 334 + 333);
  CHECK(a.tally.by_endpoint[1] == second);
  CHECK(a.tally.by_endpoint[2].outcomes.total() == 333 + 334);
  CHECK(a.tally.by_endpoint[3].outcomes.total() == 333);
  std::uint64_t matrix = 0;
  for (const auto& row : a.tally.matrix) {
    for (const MatrixCell& cell : row) matrix += cell.requests;
  }
  CHECK(matrix == 2000);
}

TEST_CASE("endpoints are put in the order of their addresses, with all that was counted by them") {
  RunReport report = sample_run();
  report.endpoints = {"10.42.0.100:80", "10.42.0.9:8080", "10.42.0.9:80"};
  const Tally before = report.tally;
  sort_endpoints(report);
  CHECK(report.endpoints == std::vector<std::string>{"10.42.0.9:80", "10.42.0.9:8080", "10.42.0.100:80"});
  for (const auto& [from, to] : {std::pair(0U, 2U), std::pair(1U, 1U), std::pair(2U, 0U)}) {
    CAPTURE(from);
    CHECK(report.tally.by_endpoint[to] == before.by_endpoint[from]);
    for (std::size_t row = 0; row < before.matrix.size(); ++row)
      CHECK(report.tally.matrix[row][to] == before.matrix[row][from]);
  }
}

TEST_CASE("results of different plans are not added, and the field is named") {
  struct Row {
    const char* names;
    void (*change)(RunReport&);
  };
  const Row rows[] = {
      {"plan.url differs: \"http://localhost:8011/wines/recommendations?query=\" and \"http://other/\"",
       [](RunReport& r) { r.plan.url = "http://other/"; }},
      {"plan.method differs: \"GET\" and \"POST\"", [](RunReport& r) { r.plan.method = "POST"; }},
      {"plan.service differs: \"wineinfo-recs\" and none", [](RunReport& r) { r.plan.service.clear(); }},
      {"plan.policy", [](RunReport& r) { r.plan.policy = "{}"; }},
      {"plan.proxy differs: none and \"proxy:3128\"", [](RunReport& r) { r.plan.proxy = "proxy:3128"; }},
      {"plan.schedule", [](RunReport& r) { r.plan.schedule = "poisson"; }},
      {"plan.duration_ns", [](RunReport& r) { r.plan.duration = 1; }},
      {"plan.timeout_ns", [](RunReport& r) { r.plan.timeout = 1; }},
      {"plan.queries differs: 4 and 3 queries", [](RunReport& r) { r.plan.queries.pop_back(); }},
      {"plan.queries[1] differs: \"white\" and \"green\"", [](RunReport& r) { r.plan.queries[1] = "green"; }},
      {"plan.shards", [](RunReport& r) { r.plan.shards = 2; }},
      {"by_query", [](RunReport& r) { r.recorder.by_query = false; }},
      {"by_endpoint", [](RunReport& r) { r.recorder.by_endpoint = false; }},
      {"matrix.rows", [](RunReport& r) { r.recorder.matrix_rows = 0; }},
      {"series.max_slots", [](RunReport& r) { r.recorder.time_slots = 16; }},
      {"series.precision", [](RunReport& r) { r.recorder.slot_precision = Precision::three_digits; }},
  };
  for (const auto& [names, change] : rows) {
    CAPTURE(names);
    RunReport a = sample_run(), b = sample_run();
    change(b);
    const auto merged = merge(a, b);
    REQUIRE_FALSE(merged.ok());
    CHECK(merged.error().message.find(names) == 0);
    CHECK(a.tally == sample_run().tally);
  }
  RunReport a = sample_run({}, 1, 2);
  const auto twice = merge(a, a);
  REQUIRE_FALSE(twice.ok());
  CHECK(twice.error().message == "plan.shard: 2/2 would be counted twice");
}

}  // namespace junction
