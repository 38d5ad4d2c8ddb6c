#pragma once

#include <cstdint>

#include "junction/run_report.hpp"

namespace junction {

/// A small run whose every figure is known: 1000 requests at 100/s, 10 s. Of request n: query n % 4, endpoint
/// n % 3, sent (n % 10) us after it was due, answered 1 ms + n us later; every 10th is a 500, every 100th a
/// timeout, every 200th a refused connection.
inline RunReport sample_run(RecorderOptions options = {.by_query = true,
                                                       .by_endpoint = true,
                                                       .matrix_rows = 100},
                            std::uint32_t shard = 0, std::uint32_t shards = 1) {
  Recorder recorder(options);
  RunReport report;
  report.plan = {.url = "http://localhost:8011/wines/recommendations?query=",
                 .queries = {"red", "white", "pinot noir", "ros\xc3\xa9 <b>"},
                 .service = "wineinfo-recs",
                 .policy = R"({"type":"RingHash"})",
                 .rate = 100.0 / shards,
                 .duration = 10'000'000'000,
                 .timeout = 1'000'000'000,
                 .connections = 4,
                 .threads = 1,
                 .shards = shards,
                 .shard = {shard + 1}};
  for (std::uint32_t n = shard; n < 1000; n += shards) {
    Outcome outcome{
        .query = n % 4, .endpoint = n % 3, .status = n % 10 == 0 ? std::uint16_t{500} : std::uint16_t{200}};
    if (n % 100 == 0) outcome.error = n % 200 == 0 ? ErrorType::connect : ErrorType::timeout;
    outcome.due = std::int64_t{n} * 10'000'000;
    outcome.sent = outcome.due + n % 10 * 1000;
    outcome.done = outcome.sent + 1'000'000 + std::int64_t{n} * 1000;
    recorder.record(outcome);
    if (n % 50 == 0) recorder.record_retry();
    report.last_due = outcome.due;
    report.last_sent = outcome.sent;
    report.elapsed = outcome.done;
    ++report.scheduled;
  }
  report.version = "0.1.0";
  report.engine = "epoll";
  report.started = 1'700'000'000'000'000'000;
  report.cpu = 4'000'000;
  report.endpoints = {"10.42.0.17:80", "10.42.0.18:80", "10.42.0.19:80"};
  report.recorder = options;
  report.tally = recorder.tally();
  return report;
}

}  // namespace junction
