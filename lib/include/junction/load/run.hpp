#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "junction/export.hpp"
#include "junction/load/plan.hpp"
#include "junction/result.hpp"
#include "junction/tally.hpp"

namespace junction::load {

/// Ends a run early. request() is safe in a signal handler and from any thread.
class JUNCTION_EXPORT Stop {
 public:
  Stop();
  ~Stop();
  Stop(const Stop&) = delete;
  Stop& operator=(const Stop&) = delete;

  void request() noexcept;
  [[nodiscard]] bool requested() const noexcept { return requested_.load(std::memory_order_relaxed); }
  /// Readable once requested; -1 where no descriptor was to be had.
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

 private:
  std::atomic<bool> requested_{false};
  int descriptor_;
};

/// What happened since the last report of a run under way.
struct Progress {
  std::chrono::nanoseconds elapsed{
      0};                       ///< up to where the interval goes; below 0: the start is still to come
  TimeSlot interval;            ///< since the last call
  std::uint64_t in_flight = 0;  ///< requests sent and not answered
  std::uint64_t waiting = 0;    ///< requests due that no connection was free for
};

/// Told about a run under way. Called from the thread that called run(), a few times a second.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void progress(const Progress& progress) = 0;
};

/// Told about every request. Called from the thread that sends it, so implementations lock for themselves.
class Trace {
 public:
  virtual ~Trace() = default;
  virtual void started(int thread, const Outcome& so_far) = 0;
  virtual void finished(int thread, const Outcome& outcome) = 0;
};

struct RunOptions {
  Observer* observer = nullptr;
  std::chrono::milliseconds progress_interval{250};
  Trace* trace = nullptr;
  Stop* stop = nullptr;
};

/// What a run measured. sent = responses + errors, always.
struct RunResult {
  Tally tally;
  std::string engine;                  ///< "epoll", "io_uring", "epoll tls", "http2", "http2 tls"
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
