#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <ostream>

#include "edge/report/pretty_json.hpp"
#include "edge/report/to_json.hpp"
#include "junction/report/json.hpp"

namespace junction::report {
namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}
Json positive_or_null(std::int64_t value) {
  return value > 0 ? Json(value) : Json(nullptr);
}

Json codes(const OutcomeCounts& outcomes) {
  Json result = Json::object();
  for (const auto& entry : outcomes.entries()) {
    if (!entry.key.is_error()) result[std::to_string(entry.key.status())] = entry.count;
  }
  return result;
}

Json errors(const OutcomeCounts& outcomes) {
  Json result = Json::object();
  for (const auto& entry : outcomes.entries()) {
    if (entry.key.is_error()) result[std::string(to_string(entry.key.error()))] = entry.count;
  }
  return result;
}

Json percentiles(const Histogram& histogram) {
  constexpr std::array percents = {50.0, 75.0, 90.0, 95.0, 99.0, 99.9, 99.99};
  constexpr std::array names = {"p50_ns", "p75_ns", "p90_ns", "p95_ns", "p99_ns", "p99_9_ns", "p99_99_ns"};
  Json result = {{"count", histogram.count()}};
  if (histogram.empty()) return result;
  const auto values = histogram.values_at_percentiles(percents);
  result["min_ns"] = histogram.min();
  result["mean_ns"] = static_cast<std::int64_t>(histogram.mean());
  for (std::size_t i = 0; i < names.size(); ++i) result[names[i]] = values[i];
  result["max_ns"] = histogram.max();
  return result;
}

Json plan(const RunPlan& plan) {
  const Json policy = plan.policy.empty() ? Json(nullptr) : Json::parse(plan.policy, nullptr, false);
  return {{"url", plan.url},
          {"method", plan.method},
          {"queries", plan.queries},
          {"service", text_or_null(plan.service)},
          {"policy", policy.is_discarded() ? Json(plan.policy) : policy},
          {"proxy", text_or_null(plan.proxy)},
          {"schedule", plan.schedule},
          {"rate", plan.rate > 0 ? Json(plan.rate) : Json(nullptr)},
          {"duration_ns", positive_or_null(plan.duration)},
          {"timeout_ns", positive_or_null(plan.timeout)},
          {"timer_slack_ns", plan.timer_slack},
          {"connections", plan.connections},
          {"threads", plan.threads},
          {"shards", plan.shards},
          {"shard", plan.shard}};
}

Json summary(const RunReport& report) {
  const Tally& tally = report.tally;
  const bool open_loop = report.plan.rate > 0;
  return {{"requests", tally.sent()},
          {"responses", tally.responses()},
          {"errors", tally.errors()},
          {"failed", tally.outcomes.failed()},
          {"retried", tally.retried},
          {"codes", codes(tally.outcomes)},
          {"errors_by_kind", errors(tally.outcomes)},
          {"rate_sent", report.sent_rate()},
          {"rate_ratio", open_loop ? Json(report.rate_ratio()) : Json(nullptr)},
          {"throughput", report.throughput()},
          {"response_time", percentiles(tally.response())},
          {"service_time", percentiles(tally.service)},
          {"lateness", percentiles(tally.lateness)}};
}

Json by_code(const Tally& tally) {
  Json result = Json::array();
  for (const CodeGroup& group : tally.by_code) {
    result.push_back({{"code", group.status},
                      {"requests", group.response.count()},
                      {"response_time", percentiles(group.response)},
                      {"histogram", buckets_to_json(group.response)}});
  }
  return result;
}

template <typename NameOf>
Json groups(bool kept, const char* what, const std::vector<Group>& groups, NameOf name_of) {
  if (!kept) return nullptr;
  Json result = Json::array();
  for (std::size_t i = 0; i < groups.size(); ++i) {
    result.push_back({{what, name_of(i)},
                      {"requests", groups[i].outcomes.total()},
                      {"codes", codes(groups[i].outcomes)},
                      {"errors", errors(groups[i].outcomes)},
                      {"response_time", percentiles(groups[i].response)},
                      {"histogram", buckets_to_json(groups[i].response)}});
  }
  return result;
}

Json matrix(const RunReport& report) {
  if (report.recorder.matrix_rows == 0) return nullptr;
  Json requests = Json::array(), failed = Json::array();
  for (const auto& row : report.tally.matrix) {
    Json& request_row = requests.emplace_back(Json::array());
    Json& failed_row = failed.emplace_back(Json::array());
    for (const MatrixCell& cell : row) {
      request_row.push_back(cell.requests);
      failed_row.push_back(cell.failed);
    }
  }
  return {{"rows", report.recorder.matrix_rows}, {"requests", requests}, {"failed", failed}};
}

Json series(const TimeSeries& series) {
  Json slots = Json::array();
  for (std::size_t i = 0; i < series.slots().size(); ++i) {
    const TimeSlot& slot = series.slots()[i];
    slots.push_back({{"start_ns", static_cast<std::int64_t>(i) * series.width()},
                     {"sent", slot.sent},
                     {"codes", codes(slot.outcomes)},
                     {"errors", errors(slot.outcomes)},
                     {"lateness_max_ns", slot.lateness_max},
                     {"response_time", percentiles(slot.response)},
                     {"histogram", buckets_to_json(slot.response)}});
  }
  return {{"width_ns", series.width()},
          {"max_slots", series.max_slots()},
          {"digits", series.precision() == Precision::two_digits ? 2 : 3},
          {"slots", slots}};
}

Json thresholds(const std::vector<ThresholdResult>& results) {
  Json list = Json::array();
  for (const ThresholdResult& result : results) {
    list.push_back({{"threshold", result.text}, {"holds", result.holds}, {"actual", result.actual}});
  }
  return list;
}

std::string utc(std::int64_t nanoseconds) {
  const std::time_t seconds = nanoseconds / 1'000'000'000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(seconds), nanoseconds / 1'000'000 % 1000);
}

}  // namespace

Json buckets_to_json(const Histogram& histogram) {
  Json values = Json::array(), counts = Json::array();
  for (const auto& bucket : histogram.buckets()) {
    values.push_back(Histogram::lowest_value(bucket.index, histogram.precision()));
    counts.push_back(bucket.count);
  }
  return {
      {"min_ns", histogram.min()}, {"max_ns", histogram.max()}, {"values_ns", values}, {"counts", counts}};
}

Json to_json(const RunReport& report) {
  return {{"schema", json_schema},
          {"version", report.version},
          {"started", utc(report.started)},
          {"started_ns", report.started},
          {"elapsed_ns", report.elapsed},
          {"interrupted", text_or_null(report.interrupted)},
          {"engine", report.engine},
          {"cpu_ns", positive_or_null(report.cpu)},
          {"scheduled", report.scheduled},
          {"last_due_ns", report.last_due},
          {"last_sent_ns", report.last_sent},
          {"plan", plan(report.plan)},
          {"summary", summary(report)},
          {"thresholds", thresholds(report.thresholds)},
          {"endpoints", report.endpoints},
          {"by_code", by_code(report.tally)},
          {"by_query", groups(report.recorder.by_query, "query", report.tally.by_query,
                              [&](std::size_t i) { return report.query_name(i); })},
          {"by_endpoint", groups(report.recorder.by_endpoint, "endpoint", report.tally.by_endpoint,
                                 [&](std::size_t i) { return report.endpoint_name(i); })},
          {"matrix", matrix(report)},
          {"histograms",
           {{"service", buckets_to_json(report.tally.service)},
            {"lateness", buckets_to_json(report.tally.lateness)}}},
          {"series", series(report.tally.series)}};
}

void write_json(const RunReport& report, std::ostream& out) {
  write_pretty(to_json(report), out);
  out << '\n';
}

}  // namespace junction::report
