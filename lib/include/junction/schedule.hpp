#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "junction/export.hpp"
#include "junction/result.hpp"

namespace junction {

/// When each request of a run is due, as an offset from the run's start. Pure: nothing here reads a clock.
///
/// Open loop: a request is due when the schedule says so, however slow the replies are. Closed loop: the next
/// request is due when a connection is free for it, so the server sets the pace; such a schedule has an end
/// but no due times.
struct Schedule {
  enum class Kind : std::uint8_t {
    period,   ///< `burst` requests at 0, period, 2 * period, ... up to and including the duration
    rate,     ///< `burst` requests every burst / rate seconds, before the duration
    ramp,     ///< from `rate` to `end_rate` requests a second, growing linearly over the duration
    poisson,  ///< independent arrivals, `rate` a second on average, before the duration
    closed,   ///< as fast as the connections allow, until the duration
  };
  static constexpr std::chrono::nanoseconds until_stopped = std::chrono::nanoseconds::max();

  Kind kind = Kind::closed;
  std::chrono::nanoseconds period{1'000'000'000};
  double rate = 0;      ///< requests/s
  double end_rate = 0;  ///< requests/s, ramp only
  std::uint64_t burst = 1;
  std::chrono::nanoseconds duration = until_stopped;
  std::uint64_t seed = 0;  ///< of the Poisson gaps

  [[nodiscard]] bool open_loop() const { return kind != Kind::closed; }
};

/// Fails with one line for a person where a value is out of range: rates up to 10 million a second, periods
/// from a microsecond, durations up to thirty years; a ramp needs an end.
JUNCTION_EXPORT Result<void> check(const Schedule& schedule);

/// Offset at which request `n` (from 0) is due. A slow reply never delays a later request. Constant time, but
/// for poisson, which adds up n gaps; ScheduleCursor steps through those.
JUNCTION_EXPORT std::chrono::nanoseconds due(const Schedule& schedule, std::uint64_t n);

/// How many requests the schedule asks for. Nothing where it has no end, is a closed loop, or (poisson) is
/// random.
JUNCTION_EXPORT std::optional<std::uint64_t> request_count(const Schedule& schedule);

/// Requests a second that the schedule asks for over its whole length; 0 for a closed loop.
JUNCTION_EXPORT double asked_rate(const Schedule& schedule);

/// One of `count` workers (threads, or machines times threads) that share a schedule: request n belongs to
/// worker n % count, so that together they send each request exactly once.
struct Shard {
  std::uint64_t index = 0;
  std::uint64_t count = 1;
};

/// Steps through the requests of one shard: n = index, index + count, ...
class JUNCTION_EXPORT ScheduleCursor {
 public:
  ScheduleCursor(const Schedule& schedule, Shard shard);

  [[nodiscard]] std::uint64_t n() const { return n_; }
  /// When request n() is due; 0 in a closed loop, where only the end counts.
  [[nodiscard]] std::chrono::nanoseconds due() const { return due_; }
  /// True once the schedule asks for no request n().
  [[nodiscard]] bool ended() const { return ended_; }
  void advance();

 private:
  void settle();

  Schedule schedule_;
  Shard shard_;
  std::uint64_t n_;
  std::uint64_t gaps_ = 0;  // Poisson gaps that arrival_ adds up
  double arrival_ = 0;      // seconds
  std::chrono::nanoseconds due_{0};
  bool ended_ = false;
};

}  // namespace junction
