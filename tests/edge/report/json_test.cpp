#include "junction/report/json.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <string>

#include "tests/core/load/sample_run.hpp"

namespace junction::report {
namespace {

std::string written(const RunReport& report) {
  std::ostringstream out;
  write_json(report, out);
  return out.str();
}

}  // namespace

TEST_CASE("a run that is written and read back is the same run") {
  const RecorderOptions rows[] = {
      {},
      {.by_query = true},
      {.by_endpoint = true, .matrix_rows = 2, .time_slots = 4},
      {.by_query = true, .by_endpoint = true, .matrix_rows = 100, .slot_precision = Precision::three_digits},
  };
  for (const RecorderOptions& options : rows) {
    RunReport report = sample_run(options);
    report.interrupted = "SIGINT";
    report.check({*parse_threshold("p99<50ms"), *parse_threshold("errors==0")});
    const auto again = read_json(written(report));
    REQUIRE(again.ok());
    CHECK(again->tally == report.tally);
    CHECK(again->recorder == report.recorder);
    CHECK(again->thresholds == report.thresholds);
    CHECK(again->endpoints == report.endpoints);
    CHECK(written(*again) == written(report));
  }
}

TEST_CASE("an empty run, and one of errors alone, survive too") {
  const auto empty = read_json(written(RunReport{}));
  REQUIRE(empty.ok());
  CHECK(empty->tally.sent() == 0);
  Recorder recorder;
  recorder.record({.error = ErrorType::tls, .due = 1, .sent = 2, .done = INT64_MAX});
  RunReport report;
  report.tally = recorder.tally();
  const auto again = read_json(written(report));
  REQUIRE(again.ok());
  CHECK(again->tally == report.tally);
}

TEST_CASE("shards written, read and merged equal the whole run") {
  const RunReport whole = sample_run();
  auto merged = read_json(written(sample_run(whole.recorder, 0, 3)));
  REQUIRE(merged.ok());
  for (const std::uint32_t shard : {1U, 2U}) {
    const auto part = read_json(written(sample_run(whole.recorder, shard, 3)));
    REQUIRE(part.ok());
    REQUIRE(merge(*merged, *part).ok());
  }
  CHECK(merged->tally == whole.tally);
}

TEST_CASE("names that are no UTF-8 are written all the same") {
  RunReport report = sample_run();
  report.plan.queries[0] = "\xff\xfe\n\"";
  const auto again = read_json(written(report));
  REQUIRE(again.ok());
  CHECK(again->plan.queries[0] == "\xef\xbf\xbd\xef\xbf\xbd\n\"");
}

TEST_CASE("a field that is wrong is named") {
  using Json = nlohmann::json;
  struct Row {
    const char* message;
    std::function<void(Json&)> change;
  };
  const Row rows[] = {
      {"schema is \"junctionctl.generate/2\"; this junctionctl reads \"junctionctl.generate/1\"",
       [](Json& j) { j["schema"] = "junctionctl.generate/2"; }},
      {"schema is missing", [](Json& j) { j.erase("schema"); }},
      {"plan.url is no text: 5", [](Json& j) { j["plan"]["url"] = 5; }},
      {"plan is no object: []", [](Json& j) { j["plan"] = Json::array(); }},
      {"plan.queries[1] is no text: null", [](Json& j) { j["plan"]["queries"][1] = nullptr; }},
      {"plan.proxy is no text: 5", [](Json& j) { j["plan"]["proxy"] = 5; }},
      {"endpoints names an endpoint twice", [](Json& j) { j["endpoints"][1] = j["endpoints"][0]; }},
      {"summary.codes.200 is no integer from 0 to", [](Json& j) { j["summary"]["codes"]["200"] = -1; }},
      {"summary.codes.abc stands under no status", [](Json& j) { j["summary"]["codes"]["abc"] = 1; }},
      {"summary.errors_by_kind.bored is an error of no known kind",
       [](Json& j) { j["summary"]["errors_by_kind"]["bored"] = 1; }},
      {"by_code[0].code does not add up: 900 counted, 899 expected",
       [](Json& j) { j["summary"]["codes"]["200"] = 899; }},
      {"summary.requests does not add up: 1000 counted, 5 expected",
       [](Json& j) { j["summary"]["requests"] = 5; }},
      {"summary.requests does not add up: 1001 counted, 1000 expected",
       [](Json& j) { j["summary"]["codes"]["404"] = 1; }},
      {"by_query[2].codes does not add up",
       [](Json& j) {
         j["by_query"][2]["codes"]["200"] = 1;
         j["by_query"][2]["requests"] = 1 + j["by_query"][2]["codes"]["500"].get<int>();
       }},
      {"histograms.service.values_ns is longer than counts",
       [](Json& j) { j["histograms"]["service"]["counts"].erase(0); }},
      {"histograms.service.values_ns[1] does not ascend",
       [](Json& j) { j["histograms"]["service"]["values_ns"][1] = 0; }},
      {"histograms.lateness.max_ns is not in the highest bucket",
       [](Json& j) { j["histograms"]["lateness"]["max_ns"] = 1'000'000'000; }},
      {"series.width_ns is no power of two of seconds",
       [](Json& j) { j["series"]["width_ns"] = 3'000'000'000; }},
      {"series.slots[2] is more than max_slots", [](Json& j) { j["series"]["max_slots"] = 2; }},
      {"series.slots does not add up", [](Json& j) { j["series"]["slots"].erase(1); }},
      {"series.digits is neither 2 nor 3", [](Json& j) { j["series"]["digits"] = 1; }},
      {"matrix.failed[0][0] is no integer from 0 to", [](Json& j) { j["matrix"]["failed"][0][0] = 999; }},
  };
  const Json good = Json::parse(written(sample_run()));
  for (const auto& [message, change] : rows) {
    CAPTURE(message);
    Json changed = good;
    change(changed);
    const auto read = read_json(changed.dump());
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().message.substr(0, std::string(message).size()) == message);
  }
  CHECK_FALSE(read_json("").ok());
  CHECK_FALSE(read_json("[1]").ok());
  CHECK_FALSE(read_json("{\"schema\":").ok());
}

TEST_CASE("a document with any byte changed is read or refused, and never changes its sums unnoticed") {
  const RunReport report = sample_run({.by_query = true, .time_slots = 4});
  const std::string good = written(report);
  std::mt19937 random(11);
  for (int i = 0; i < 300; ++i) {
    std::string text = good;
    text[random() % text.size()] = static_cast<char>(random() % 256);
    const auto read = read_json(text);
    if (read.ok()) CHECK(read->tally.response().count() == read->tally.responses());
  }
}

}  // namespace junction::report
