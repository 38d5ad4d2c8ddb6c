#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "junction/export.hpp"
#include "junction/load/observer.hpp"
#include "junction/load/plan.hpp"
#include "junction/result.hpp"
#include "junction/tally.hpp"

namespace junction::load {

/// What a run measured. sent = responses + errors, always.
struct RunResult {
  Tally tally;
  /// "epoll", "io_uring", "epoll tls", "http2", "http2 tls"; "io_uring and epoll" where the kernel gave only
  /// some threads the first.
  std::string engine;
  std::vector<std::string> endpoints;  ///< "ip:port", by Outcome::endpoint; empty without a balancer
  std::int64_t started = 0;            ///< ns since 1970-01-01 UTC
  std::int64_t elapsed = 0;            ///< ns, from the start to the last outcome
  std::uint64_t scheduled = 0;         ///< requests that fell due before the end, or the stop
  std::int64_t last_due = 0;           ///< ns since the start: when the last of those was due ...
  std::int64_t last_sent = 0;          ///< ... and when the last was sent
  std::int64_t cpu = 0;                ///< ns of user and system time of the sending threads
  bool stopped = false;                ///< ended by Stop
};

/// Sends what the plan says and waits for the answers. Fails, with nothing sent, where the plan cannot work,
/// the host does not resolve, or it takes no connection (not asked in the case of a balancer, whose endpoints
/// come and go). Blocks; uses threads of its own.
JUNCTION_EXPORT Result<RunResult> run(const Plan& plan, const RunOptions& options = {});

}  // namespace junction::load
