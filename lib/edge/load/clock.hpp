#pragma once

#include <cstdint>
#include <ctime>

namespace junction::load {

/// The time by which a run decides: nanoseconds since its start, the same for all its threads, negative
/// before it. Tests hand in a time of their own.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual std::int64_t now() const = 0;
  /// User and system time of the calling thread so far, ns.
  [[nodiscard]] virtual std::int64_t thread_cpu() const = 0;
};

/// The kernel's monotonic clock.
class MonotonicClock final : public Clock {
 public:
  /// The start is `from_now` nanoseconds away. Set once, before the threads pass the barrier that starts
  /// them; until then the start is when the clock was made.
  void start_in(std::int64_t from_now) { start_ = read(CLOCK_MONOTONIC) + from_now; }

  [[nodiscard]] std::int64_t now() const override { return read(CLOCK_MONOTONIC) - start_; }
  [[nodiscard]] std::int64_t thread_cpu() const override { return read(CLOCK_THREAD_CPUTIME_ID); }

 private:
  static std::int64_t read(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
  }

  std::int64_t start_ = read(CLOCK_MONOTONIC);
};

}  // namespace junction::load
