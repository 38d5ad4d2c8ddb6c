#pragma once

#include <chrono>
#include <cstdint>

#include "junction/stop.hpp"
#include "junction/tally.hpp"

namespace junction::load {

/// What happened since the last report of a run under way.
struct Progress {
  /// Up to where the interval goes; below 0: the start is still to come.
  std::chrono::nanoseconds elapsed{0};
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

/// Who looks on while a run lasts, and who may end it. Each may be null; all have to outlive the run.
struct RunOptions {
  Observer* observer = nullptr;
  std::chrono::milliseconds progress_interval{250};
  Trace* trace = nullptr;
  Stop* stop = nullptr;
};

}  // namespace junction::load
