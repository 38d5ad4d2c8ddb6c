#include <nlohmann/json.hpp>
#include <set>

#include "edge/report/field.hpp"
#include "junction/ascii.hpp"
#include "junction/report/json.hpp"

namespace junction::report {
namespace {

constexpr std::uint64_t most_requests = std::uint64_t{1}
                                        << 47;  // what a histogram's bucket can count, with room

std::string text_or_empty(const Field& field) {
  return field.is_null() ? std::string() : field.text();
}
std::int64_t nanoseconds_or_0(const Field& field) {
  return field.is_null() ? 0 : field.nanoseconds();
}
std::uint32_t count32(const Field& field) {
  return static_cast<std::uint32_t>(field.count(UINT32_MAX));
}

std::vector<std::string> texts(const Field& field) {
  std::vector<std::string> list;
  field.each([&](const Field& item) { list.push_back(item.text()); });
  return list;
}

Histogram histogram(const Field& field, Precision precision) {
  Histogram result(precision);
  std::vector<std::uint64_t> counts;
  field["counts"].each([&](const Field& item) { counts.push_back(item.count(most_requests)); });
  std::size_t next = 0;
  std::int64_t last = -1;
  const Field values = field["values_ns"];
  values.each([&](const Field& item) {
    const std::int64_t value = item.nanoseconds();
    if (value <= last) item.fail("does not ascend");
    if (next >= counts.size()) values.fail("is longer than counts");
    last = value;
    result.add({Histogram::index_of(static_cast<std::uint64_t>(value), precision), counts[next++]});
  });
  if (next < counts.size()) values.fail("is shorter than counts");
  if (result.empty()) return result;
  const std::int64_t min = field["min_ns"].nanoseconds(), max = field["max_ns"].nanoseconds();
  if (min < result.min() || min > max) field["min_ns"].fail("is not in the lowest bucket");
  if (max > result.max()) field["max_ns"].fail("is not in the highest bucket");
  result.set_extremes(min, max);
  return result;
}

OutcomeCounts outcomes(const Field& codes, const Field& errors) {
  OutcomeCounts result;
  codes.members([&](const std::string& code, const Field& item) {
    const auto status = whole_number<std::uint16_t>(code).value_or(0);
    if (status == 0 || status > 999) item.fail("stands under no status from 1 to 999");
    result.add(OutcomeKey(status, ErrorType::none), item.count(most_requests));
  });
  errors.members([&](const std::string& name, const Field& item) {
    const auto error = error_type_from(name);
    if (!error || *error == ErrorType::none) item.fail("is an error of no known kind");
    result.add(OutcomeKey(*error), item.count(most_requests));
  });
  return result;
}

// The three ways to count responses must agree, or the file was cut or changed.
void must_add_up(const Field& where, std::uint64_t counted, std::uint64_t expected) {
  if (counted == expected) return;
  throw Error{ErrorKind::invalid,
              fmt::format("{} does not add up: {} counted, {} expected", where.path(), counted, expected)};
}

Group group(const Field& field) {
  Group result{outcomes(field["codes"], field["errors"]),
               histogram(field["histogram"], Precision::three_digits)};
  must_add_up(field["requests"], result.outcomes.total(), field["requests"].count(most_requests));
  must_add_up(field["codes"], result.outcomes.responses(), result.response.count());
  return result;
}

std::vector<Group> groups(const Field& field) {
  std::vector<Group> result;
  if (!field.is_null()) field.each([&](const Field& item) { result.push_back(group(item)); });
  return result;
}

std::vector<std::vector<MatrixCell>> matrix(const Field& field) {
  std::vector<std::vector<MatrixCell>> result;
  if (field.is_null()) return result;
  field["requests"].each([&](const Field& row) {
    auto& cells = result.emplace_back();
    row.each([&](const Field& item) { cells.push_back({item.count(most_requests), 0}); });
  });
  std::size_t row = 0;
  const Field failed = field["failed"];
  failed.each([&](const Field& items) {
    std::size_t column = 0;
    items.each([&](const Field& item) {
      if (row >= result.size() || column >= result[row].size())
        item.fail("has no counterpart in matrix.requests");
      MatrixCell& cell = result[row][column++];
      cell.failed = item.count(cell.requests);
    });
    ++row;
  });
  return result;
}

TimeSeries series(const Field& field, RecorderOptions& options) {
  options.time_slots = static_cast<std::uint32_t>(field["max_slots"].count(1 << 16));
  if (options.time_slots < 2 || options.time_slots % 2 != 0)
    field["max_slots"].fail("is no even number from 2");
  const std::uint64_t digits = field["digits"].count(3);
  if (digits < 2) field["digits"].fail("is neither 2 nor 3");
  options.slot_precision = digits == 2 ? Precision::two_digits : Precision::three_digits;
  const std::int64_t width = field["width_ns"].nanoseconds();
  const std::int64_t seconds = width / TimeSeries::second;
  if (width % TimeSeries::second != 0 || seconds < 1 || (seconds & (seconds - 1)) != 0) {
    field["width_ns"].fail("is no power of two of seconds");
  }
  std::vector<TimeSlot> slots;
  field["slots"].each([&](const Field& item) {
    if (slots.size() >= options.time_slots) item.fail("is more than max_slots");
    slots.push_back({.sent = item["sent"].count(most_requests),
                     .outcomes = outcomes(item["codes"], item["errors"]),
                     .response = histogram(item["histogram"], options.slot_precision),
                     .lateness_max = item["lateness_max_ns"].nanoseconds()});
  });
  return {options.time_slots, options.slot_precision, width, std::move(slots)};
}

RunPlan plan(const Field& field) {
  RunPlan result{.url = field["url"].text(),
                 .method = field["method"].text(),
                 .queries = texts(field["queries"]),
                 .service = text_or_empty(field["service"]),
                 .proxy = text_or_empty(field["proxy"]),
                 .schedule = field["schedule"].text(),
                 .rate = field["rate"].is_null() ? 0 : field["rate"].number(),
                 .duration = nanoseconds_or_0(field["duration_ns"]),
                 .timeout = nanoseconds_or_0(field["timeout_ns"]),
                 .timer_slack = field["timer_slack_ns"].nanoseconds(),
                 .connections = count32(field["connections"]),
                 .threads = count32(field["threads"]),
                 .shards = count32(field["shards"])};
  if (!field["policy"].is_null()) result.policy = field["policy"].json().dump();
  result.shard.clear();
  field["shard"].each([&](const Field& item) { result.shard.push_back(count32(item)); });
  return result;
}

void check_sums(const Field& root, const Tally& tally) {
  const Field requests = root["summary"]["requests"];
  must_add_up(requests, tally.sent(), requests.count(most_requests));
  must_add_up(root["summary"]["codes"], tally.response().count(), tally.responses());
  must_add_up(root["histograms"]["service"]["counts"], tally.service.count(), tally.responses());
  must_add_up(root["histograms"]["lateness"]["counts"], tally.lateness.count(), tally.sent());
  std::uint64_t sent = 0, ended = 0;
  for (const TimeSlot& slot : tally.series.slots()) sent += slot.sent, ended += slot.outcomes.total();
  must_add_up(root["series"]["slots"], sent, tally.sent());
  must_add_up(root["series"]["slots"], ended, tally.sent());
}

Tally tally(const Field& root, RecorderOptions& options) {
  Tally result;
  result.outcomes = outcomes(root["summary"]["codes"], root["summary"]["errors_by_kind"]);
  root["by_code"].each([&](const Field& item) {
    const auto status = static_cast<std::uint16_t>(item["code"].count(999));
    if (!result.by_code.empty() && status <= result.by_code.back().status)
      item["code"].fail("does not ascend");
    result.by_code.push_back({status, histogram(item["histogram"], Precision::three_digits)});
    must_add_up(item["code"], result.by_code.back().response.count(),
                result.outcomes.count(OutcomeKey(status, ErrorType::none)));
  });
  result.retried = root["summary"]["retried"].count(result.sent());
  result.service = histogram(root["histograms"]["service"], Precision::three_digits);
  result.lateness = histogram(root["histograms"]["lateness"], Precision::three_digits);
  result.by_query = groups(root["by_query"]);
  result.by_endpoint = groups(root["by_endpoint"]);
  result.matrix = matrix(root["matrix"]);
  result.series = series(root["series"], options);
  options.by_query = !root["by_query"].is_null();
  options.by_endpoint = !root["by_endpoint"].is_null();
  options.matrix_rows = root["matrix"].is_null() ? 0 : count32(root["matrix"]["rows"]);
  check_sums(root, result);
  return result;
}

RunReport run_report(const Field& root) {
  const std::string schema = root["schema"].text();
  if (schema != json_schema) {
    throw Error{ErrorKind::invalid,
                fmt::format("schema is \"{}\"; this junctionctl reads \"{}\"", schema, json_schema)};
  }
  RunReport report;
  report.plan = plan(root["plan"]);
  report.version = root["version"].text();
  report.engine = root["engine"].text();
  report.started = root["started_ns"].nanoseconds();
  report.elapsed = root["elapsed_ns"].nanoseconds();
  report.scheduled = root["scheduled"].count(UINT64_MAX);
  report.last_due = root["last_due_ns"].nanoseconds();
  report.last_sent = root["last_sent_ns"].nanoseconds();
  report.cpu = nanoseconds_or_0(root["cpu_ns"]);
  report.interrupted = text_or_empty(root["interrupted"]);
  report.endpoints = texts(root["endpoints"]);
  if (std::set(report.endpoints.begin(), report.endpoints.end()).size() != report.endpoints.size())
    root["endpoints"].fail("names an endpoint twice");
  report.tally = tally(root, report.recorder);
  root["thresholds"].each([&](const Field& item) {
    report.thresholds.push_back({item["threshold"].text(), item["holds"].boolean(), item["actual"].text()});
  });
  return report;
}

}  // namespace

Result<RunReport> read_json(std::string_view text) {
  const auto document = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (document.is_discarded()) {
    return Error{ErrorKind::invalid, "not JSON; write it with junctionctl generate -o json"};
  }
  try {
    return run_report(Field(document, ""));
  } catch (const Error& error) {
    return error;
  }
}

}  // namespace junction::report
