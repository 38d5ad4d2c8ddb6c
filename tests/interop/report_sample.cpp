// Writes a run made up here as JSON and as an HTML report. "full" is ten minutes of ring hashing over five
// endpoints, one of which fails for a minute, another goes away; with every kind of outcome, and names that
// try to break out of the page. "empty" has not one request, "errors" one, without a response.
#include <cmath>
#include <fstream>
#include <iostream>
#include <random>

#include "junction/report/html.hpp"
#include "junction/report/json.hpp"

namespace {

using namespace junction;

constexpr std::int64_t second = 1'000'000'000;

Outcome outcome_of(std::uint32_t n, std::mt19937_64& random) {
  std::lognormal_distribution<double> took(15, 0.6);  // 3.3 ms at the median
  Outcome outcome{
      .query = static_cast<std::uint32_t>(random() % 12), .status = 200, .due = n * (second / 100)};
  outcome.endpoint = outcome.query * 7 % 5;
  const std::int64_t at = outcome.due / second;
  if (outcome.endpoint == 2 && at >= 200 && at < 260) outcome.status = random() % 3 == 0 ? 503 : 500;
  if (outcome.endpoint == 4 && at >= 400) outcome.endpoint = 1;
  if (at == 400 && outcome.endpoint == 1)
    outcome.error = random() % 2 == 0 ? ErrorType::reset : ErrorType::connect;
  if (random() % 997 == 0) outcome.status = 404;
  if (random() % 5003 == 0) outcome.error = ErrorType::timeout;
  outcome.sent = outcome.due + static_cast<std::int64_t>(random() % 80'000);
  outcome.done = outcome.sent + static_cast<std::int64_t>(took(random)) + (at % 97 == 50 ? second / 5 : 0);
  return outcome;
}

RunReport full() {
  RunReport report;
  report.recorder = {.by_query = true, .by_endpoint = true, .matrix_rows = 256};
  Recorder recorder(report.recorder);
  std::mt19937_64 random(3);
  for (std::uint32_t n = 0; n < 60'000; ++n) {
    const Outcome outcome = outcome_of(n, random);
    recorder.record(outcome);
    report.last_due = outcome.due;
    report.last_sent = outcome.sent;
    report.elapsed = std::max(report.elapsed, outcome.done);
    ++report.scheduled;
  }
  report.plan = {
      .url = "http://wineinfo-recs.default/recommendations/?query=",
      .queries = {"red", "white", "rose", "pinot noir", "france", "italy", "germany", "greece", "australia",
                  "portugal", "</script><b>bold", "\xe8\xb5\xa4 \"wine\" & \xff"},
      .service = "wineinfo-recs",
      .policy =
          R"({"type":"RingHash","minRingSize":1024,"hashParams":[{"type":"QueryParam","name":"query"}]})",
      .schedule = "rate",
      .rate = 100,
      .duration = 600 * second,
      .timeout = 30 * second,
      .connections = 64,
      .threads = 1};
  report.version = "0.1.0";
  report.engine = "epoll";
  report.started = 1'700'000'000 * second;
  report.cpu = 2 * second;
  for (int i = 0; i < 5; ++i) report.endpoints.push_back("10.42.0." + std::to_string(17 + i) + ":80");
  report.tally = std::move(recorder).take();
  report.check(
      {*parse_threshold("p99<50ms"), *parse_threshold("errors<1%"), *parse_threshold("code(500)==0")});
  return report;
}

RunReport errors() {
  RunReport report;
  Recorder recorder;
  recorder.record({.error = ErrorType::timeout, .due = 0, .sent = 0, .done = 30 * second});
  report.plan = {.url = "http://localhost/", .schedule = "closed loop", .duration = second};
  report.scheduled = 1;
  report.elapsed = 30 * second;
  report.interrupted = "SIGINT";
  report.tally = recorder.tally();
  return report;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return std::cerr << "usage: report_sample full|empty|errors JSON HTML\n", 2;
  const std::string which = argv[1];
  const RunReport report = which == "full" ? full() : which == "errors" ? errors() : RunReport{};
  std::ofstream json(argv[2]), html(argv[3]);
  report::write_json(report, json);
  report::write_html(report, html);
  return json.flush() && html.flush() ? 0 : 1;
}
