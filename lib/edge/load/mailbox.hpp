#pragma once

#include <algorithm>
#include <mutex>

#include "junction/load/observer.hpp"

namespace junction::load {

/// What one thread of a run has to tell, until the thread that reports comes by. Any thread may call either.
class Mailbox {
 public:
  /// `happened` goes to what is in it already; the rest is how things stand.
  void put(std::chrono::nanoseconds elapsed, const TimeSlot& happened, std::uint64_t in_flight,
           std::uint64_t waiting) {
    const std::lock_guard lock(mutex_);
    contents_.elapsed = elapsed;
    contents_.interval.add(happened);
    contents_.in_flight = in_flight;
    contents_.waiting = waiting;
  }

  /// Adds what is in it, and what happened is told once.
  void collect(Progress& into) {
    const std::lock_guard lock(mutex_);
    into.elapsed = std::max(into.elapsed, contents_.elapsed);
    into.interval.add(contents_.interval);
    into.in_flight += contents_.in_flight;
    into.waiting += contents_.waiting;
    contents_.interval = TimeSlot{};
  }

 private:
  std::mutex mutex_;
  Progress contents_;
};

}  // namespace junction::load
