#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "junction/export.hpp"
#include "junction/result.hpp"
#include "junction/tally.hpp"
#include "junction/threshold.hpp"

namespace junction {

/// What was asked of a run. Two results can be merged only where the shards of one plan would agree on it.
struct RunPlan {
  std::string url;  ///< the URL, or the prefix the queries are appended to
  std::string method = "GET";
  std::vector<std::string>
      queries;          ///< as given, by the index in Outcome::query; empty: one URL without queries
  std::string service;  ///< --lb SERVICE; empty: no client-side load balancing
  std::string policy;   ///< its policy as JSON; empty: none
  std::string proxy;    ///< host:port of the HTTP proxy on the way; empty: none
  std::string schedule = "constant";  ///< constant, ramp, poisson, burst, closed loop, ...
  double rate = 0;            ///< requests/s asked for, over all queries; 0: closed loop, as fast as it goes
  std::int64_t duration = 0;  ///< ns; 0: until interrupted
  std::int64_t timeout = 0;   ///< ns
  std::int64_t timer_slack = 0;  ///< ns
  std::uint32_t connections = 0;
  std::uint32_t threads = 0;
  std::uint32_t shards = 1;                ///< into how many shards the run was split; 1: not at all
  std::vector<std::uint32_t> shard = {1};  ///< which of them, from 1, are in here; ascending
};

/// A run and all that was measured, ready for any writer.
struct JUNCTION_EXPORT RunReport {
  RunPlan plan;
  std::string version;          ///< of junctionctl, "0.1.0"
  std::string engine;           ///< what carried the requests: "epoll", "io_uring", "http2", ...
  std::int64_t started = 0;     ///< ns since 1970-01-01 UTC
  std::int64_t elapsed = 0;     ///< ns from the start to the last outcome
  std::uint64_t scheduled = 0;  ///< requests that fell due before the end (or the interrupt)
  std::int64_t last_due = 0;    ///< ns since the start: when the last of those was due...
  std::int64_t last_sent = 0;   ///< ...and when the last was sent
  std::int64_t cpu = 0;         ///< ns of user and system time; 0: not measured
  std::string interrupted;      ///< "SIGINT", "SIGTERM", or empty
  std::vector<std::string>
      endpoints;  ///< "ip:port", each once, by the index in Outcome::endpoint; only with --lb
  RecorderOptions recorder;
  Tally tally;
  std::vector<ThresholdResult> thresholds;

  /// What Outcome::query and Outcome::endpoint stand for: "red", "10.42.0.17:80", or "#3" for one without a
  /// name.
  [[nodiscard]] std::string query_name(std::size_t index) const;
  [[nodiscard]] std::string endpoint_name(std::size_t index) const;

  /// Requests sent a second, over the time it took to send them.
  [[nodiscard]] double sent_rate() const;
  /// Responses a second, over the whole run.
  [[nodiscard]] double throughput() const;
  /// The share of the asked rate that was achieved: 1 when every scheduled request was sent, and the last no
  /// later than it was due. Late starts in between do not lower it; they show in the lateness. 0 in a closed
  /// loop.
  [[nodiscard]] double rate_ratio() const;
  /// Evaluates and stores; true when all of them hold.
  bool check(const std::vector<Threshold>& asked);
};

/// Puts the endpoints in the order of their addresses, and with them all that is counted by endpoint.
JUNCTION_EXPORT void sort_endpoints(RunReport& report);

/// Adds another part of the same run (another shard, machine or repetition): counts and histograms add up
/// exactly, rates, connections and threads add, endpoints are matched by address, thresholds are dropped. An
/// error names the field that keeps the two from being added, and leaves `report` as it was.
[[nodiscard]] JUNCTION_EXPORT Result<void> merge(RunReport& report, const RunReport& other);

}  // namespace junction
