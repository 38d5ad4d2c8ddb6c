#include "junction/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/balance/split_mix.hpp"

namespace junction {
namespace {

using std::chrono::nanoseconds;
using Kind = Schedule::Kind;

constexpr double second = 1e9;  // in nanoseconds
constexpr double max_rate = 1e7;
constexpr nanoseconds min_period{1'000};
constexpr nanoseconds max_duration = std::chrono::hours{24 * 365 * 30};

double seconds(nanoseconds span) {
  return static_cast<double>(span.count()) / second;
}

nanoseconds at(double in_seconds) {
  const double ns = in_seconds * second;
  return ns < 9.2e18 ? nanoseconds(static_cast<std::int64_t>(ns)) : nanoseconds::max();
}

double poisson_gap(const Schedule& schedule, std::uint64_t i) {
  return -std::log1p(-split_mix_unit(schedule.seed * 0x2545f4914f6cdd1d + i)) / schedule.rate;
}

// Requests so far at time t of a ramp: rate * t + slope * t^2 / 2. Solved for t in the form that does not
// cancel.
double ramp_time(const Schedule& schedule, double n) {
  const double slope = (schedule.end_rate - schedule.rate) / seconds(schedule.duration);
  const double root = std::sqrt(std::max(0.0, schedule.rate * schedule.rate + 2 * slope * n));
  return n == 0 ? 0 : 2 * n / (schedule.rate + root);
}

Result<void> check_rate(double rate) {
  if (rate > 0 && rate <= max_rate) return {};
  return usage_error(fmt::format(
      "a rate of {} requests/s cannot be asked for; use one above 0 and up to {:.0f}", rate, max_rate));
}

}  // namespace

Result<void> check(const Schedule& schedule) {
  if (schedule.duration < nanoseconds{0})
    return usage_error(fmt::format("a duration of {} s is negative", seconds(schedule.duration)));
  if (schedule.duration != Schedule::until_stopped && schedule.duration > max_duration)
    return usage_error(fmt::format(
        "a duration of {:.0f} s is longer than the clock can be trusted; use up to {} s, or leave it out "
        "to run until interrupted",
        seconds(schedule.duration), std::chrono::duration_cast<std::chrono::seconds>(max_duration).count()));
  if (schedule.burst == 0) return usage_error("a burst of 0 requests sends nothing; use at least 1");
  switch (schedule.kind) {
    case Kind::closed:
      return {};
    case Kind::period:
      if (schedule.period >= min_period && schedule.period <= max_duration) return {};
      return usage_error(fmt::format("a period of {} s cannot be kept; use one from 0.000001 s to {} s",
                                     seconds(schedule.period),
                                     std::chrono::duration_cast<std::chrono::seconds>(max_duration).count()));
    case Kind::ramp:
      if (schedule.duration == Schedule::until_stopped || schedule.duration == nanoseconds{0})
        return usage_error("a ramp needs an end; give --duration");
      if (auto end = check_rate(schedule.end_rate); !end) return end;
      return schedule.rate == 0 ? Result<void>{} : check_rate(schedule.rate);
    case Kind::rate:
    case Kind::poisson:
      return check_rate(schedule.rate);
  }
  return {};
}

nanoseconds due(const Schedule& schedule, std::uint64_t n) {
  switch (schedule.kind) {
    case Kind::closed:
      return nanoseconds{0};
    case Kind::period: {
      const std::uint64_t tick = schedule.burst == 1 ? n : n / schedule.burst;
      const auto period = static_cast<std::uint64_t>(schedule.period.count());
      return tick <= INT64_MAX / period ? nanoseconds(static_cast<std::int64_t>(tick * period))
                                        : nanoseconds::max();
    }
    case Kind::rate: {
      const std::uint64_t first = schedule.burst == 1 ? n : n / schedule.burst * schedule.burst;
      return at(static_cast<double>(first) / schedule.rate);
    }
    case Kind::ramp:
      return at(ramp_time(schedule, static_cast<double>(n)));
    case Kind::poisson: {
      double arrival = 0;
      for (std::uint64_t i = 0; i <= n; ++i) arrival += poisson_gap(schedule, i);
      return at(arrival);
    }
  }
  return nanoseconds{0};
}

std::optional<std::uint64_t> request_count(const Schedule& schedule) {
  if (schedule.duration == Schedule::until_stopped) return std::nullopt;
  switch (schedule.kind) {
    case Kind::closed:
    case Kind::poisson:
      return std::nullopt;
    case Kind::period:
      return (static_cast<std::uint64_t>(schedule.duration / schedule.period) + 1) * schedule.burst;
    case Kind::rate: {
      const double bursts =
          std::ceil(schedule.rate * seconds(schedule.duration) / static_cast<double>(schedule.burst) - 1e-9);
      return static_cast<std::uint64_t>(std::max(0.0, bursts)) * schedule.burst;
    }
    case Kind::ramp:
      return static_cast<std::uint64_t>((schedule.rate + schedule.end_rate) / 2 * seconds(schedule.duration));
  }
  return std::nullopt;
}

double asked_rate(const Schedule& schedule) {
  switch (schedule.kind) {
    case Kind::closed:
      return 0;
    case Kind::period:
      return static_cast<double>(schedule.burst) / seconds(schedule.period);
    case Kind::ramp:
      return (schedule.rate + schedule.end_rate) / 2;
    case Kind::rate:
    case Kind::poisson:
      return schedule.rate;
  }
  return 0;
}

ScheduleCursor::ScheduleCursor(const Schedule& schedule, Shard shard)
    : schedule_(schedule), shard_(shard), n_(shard.index) {
  settle();
}

void ScheduleCursor::advance() {
  n_ += shard_.count;
  settle();
}

void ScheduleCursor::settle() {
  if (schedule_.kind == Kind::poisson) {
    for (; gaps_ <= n_; ++gaps_) arrival_ += poisson_gap(schedule_, gaps_);
    due_ = at(arrival_);
    ended_ = due_ >= schedule_.duration;
    return;
  }
  due_ = junction::due(schedule_, n_);
  if (schedule_.open_loop()) {
    const auto count = request_count(schedule_);
    ended_ = count && n_ >= *count;
  }
}

}  // namespace junction
