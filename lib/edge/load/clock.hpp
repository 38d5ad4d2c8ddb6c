#pragma once

#include <cstdint>
#include <ctime>

namespace junction::load {

inline std::int64_t monotonic_now() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

/// User and system time of the calling thread so far, ns.
inline std::int64_t thread_cpu() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return std::int64_t{used.tv_sec} * 1'000'000'000 + used.tv_nsec;
}

/// Nanoseconds since the start of the run, the same for all its threads. Negative before it.
class Clock {
 public:
  /// Set once, before the threads pass the barrier that starts them.
  void start_at(std::int64_t monotonic) { start_ = monotonic; }
  [[nodiscard]] std::int64_t now() const { return monotonic_now() - start_; }

 private:
  std::int64_t start_ = monotonic_now();
};

}  // namespace junction::load
