#include "junction/schedule.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using junction::due;
using junction::request_count;
using junction::Schedule;
using junction::ScheduleCursor;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;

namespace {

Schedule every_second(nanoseconds duration) {
  return {.kind = Schedule::Kind::period, .period = 1s, .burst = 10, .duration = duration};
}

Schedule at_rate(double rate, nanoseconds duration, std::uint64_t burst = 1) {
  return {.kind = Schedule::Kind::rate, .rate = rate, .burst = burst, .duration = duration};
}

std::vector<nanoseconds> all_due(const Schedule& schedule, junction::Shard shard = {}) {
  std::vector<nanoseconds> times;
  for (ScheduleCursor cursor(schedule, shard); !cursor.ended(); cursor.advance())
    times.push_back(cursor.due());
  return times;
}

}  // namespace

TEST_CASE("ten queries each second for ten seconds are 110 requests, the last ten at the end") {
  const std::vector<nanoseconds> times = all_due(every_second(10s));
  REQUIRE(times.size() == 110);
  for (std::size_t n = 0; n < times.size(); ++n) CHECK(times[n] == std::chrono::seconds(n / 10));
  CHECK(all_due(every_second(0s)).size() == 10);
  CHECK(all_due(every_second(999ms)).size() == 10);
}

TEST_CASE("a period that binary fractions cannot hold still ends on the tick") {
  const Schedule tenth{.kind = Schedule::Kind::period, .period = 100ms, .burst = 10, .duration = 1s};
  CHECK(request_count(tenth) == 110);
  CHECK(due(tenth, 109) == 1s);
}

TEST_CASE("a rate asks for rate times duration requests, evenly") {
  struct Row {
    const char* name;
    Schedule schedule;
    std::uint64_t count;
    std::uint64_t n;
    nanoseconds due;
  };
  const std::vector<Row> rows = {
      {"10,000/s", at_rate(10'000, 10s), 100'000, 12'345, 1'234'500'000ns},
      {"one every two seconds", at_rate(0.5, 10s), 5, 4, 8s},
      {"3/s", at_rate(3, 1s), 3, 1, 333'333'333ns},
      {"bursts of 100", at_rate(1'000, 1s, 100), 1'000, 199, 100ms},
      {"a burst larger than the run", at_rate(10, 1s, 100), 100, 99, 0ns},
      {"no time at all", at_rate(10, 0s), 0, 0, 0ns},
      {"a year in", at_rate(1'000'000, Schedule::until_stopped), 0, 31'536'000'000'000, 31'536'000s},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(request_count(row.schedule).value_or(0) == row.count);
    CHECK(std::abs((due(row.schedule, row.n) - row.due).count()) <= 8);
  }
}

TEST_CASE("a ramp passes each rate when it should") {
  const Schedule up{.kind = Schedule::Kind::ramp, .rate = 100, .end_rate = 300, .duration = 10s};
  CHECK(request_count(up) == 2'000);
  const Schedule down{.kind = Schedule::Kind::ramp, .rate = 300, .end_rate = 100, .duration = 10s};
  const Schedule from_nothing{.kind = Schedule::Kind::ramp, .rate = 0, .end_rate = 100, .duration = 10s};
  for (const Schedule& ramp : {up, down, from_nothing}) {
    const std::vector<nanoseconds> times = all_due(ramp);
    CAPTURE(ramp.rate);
    CHECK(std::is_sorted(times.begin(), times.end()));
    CHECK(times.front() == 0s);
    CHECK(times.back() < 10s);
    for (const double t : {1.0, 5.0, 9.0}) {  // requests due before t: rate * t + slope * t^2 / 2
      const auto before =
          std::lower_bound(times.begin(), times.end(), nanoseconds(static_cast<std::int64_t>(t * 1e9)));
      const double slope = (ramp.end_rate - ramp.rate) / 10;
      CHECK(std::abs(static_cast<double>(before - times.begin()) - (ramp.rate * t + slope * t * t / 2)) <=
            1.0);
    }
  }
}

TEST_CASE("Poisson arrivals have the rate, the spread and the memory of the seed") {
  const Schedule poisson{.kind = Schedule::Kind::poisson, .rate = 1'000, .duration = 100s, .seed = 7};
  const std::vector<nanoseconds> times = all_due(poisson);
  const double n = static_cast<double>(times.size());
  CHECK(std::abs(n - 100'000) < 5 * std::sqrt(100'000));
  double sum = 0, squares = 0;
  for (std::size_t i = 1; i < times.size(); ++i) {
    const double gap = static_cast<double>((times[i] - times[i - 1]).count()) / 1e9;
    sum += gap;
    squares += gap * gap;
  }
  const double mean = sum / n, deviation = std::sqrt(squares / n - mean * mean);
  CHECK(mean == doctest::Approx(0.001).epsilon(0.02));
  CHECK(deviation == doctest::Approx(0.001).epsilon(0.02));  // exponential: deviation equals the mean
  CHECK(due(poisson, 500) == times[500]);
  Schedule other = poisson;
  other.seed = 8;
  CHECK(due(other, 500) != times[500]);
}

TEST_CASE("shards share a schedule without a gap or a repeat") {
  const std::vector<Schedule> schedules = {
      every_second(3s),
      at_rate(1'000, 1s, 7),
      {.kind = Schedule::Kind::poisson, .rate = 500, .duration = 1s, .seed = 3}};
  for (const Schedule& schedule : schedules) {
    std::vector<nanoseconds> parts;
    for (std::uint64_t i = 0; i < 3; ++i) {
      const std::vector<nanoseconds> part = all_due(schedule, {i, 3});
      parts.insert(parts.end(), part.begin(), part.end());
    }
    std::sort(parts.begin(), parts.end());
    CHECK(parts == all_due(schedule));
  }
}

TEST_CASE("a schedule nobody can keep is refused with one line that names the value") {
  struct Row {
    const char* name;
    Schedule schedule;
    const char* says;
  };
  const std::vector<Row> rows = {
      {"rate 0", at_rate(0, 1s), "rate of 0 "},
      {"rate 1e12", at_rate(1e12, 1s), "rate of 1000000000000 "},
      {"rate nan", at_rate(std::nan(""), 1s), "rate of nan "},
      {"negative rate", at_rate(-1, 1s), "rate of -1 "},
      {"period 0", {.kind = Schedule::Kind::period, .period = 0ns}, "period of 0 s"},
      {"negative duration", at_rate(1, -1s), "duration of -1 s"},
      {"1000 years", at_rate(1, nanoseconds(31'536'000'000'000'000 * 200)), "longer than the clock"},
      {"burst 0", at_rate(1, 1s, 0), "burst of 0"},
      {"endless ramp", {.kind = Schedule::Kind::ramp, .rate = 1, .end_rate = 2}, "ramp needs an end"},
      {"ramp to 0", {.kind = Schedule::Kind::ramp, .rate = 1, .end_rate = 0, .duration = 1s}, "rate of 0 "},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const junction::Result<void> result = check(row.schedule);
    REQUIRE_FALSE(result.ok());
    CHECK(result.error().message.find(row.says) != std::string::npos);
    CHECK(result.error().message.find('\n') == std::string::npos);
  }
  CHECK(check(every_second(10s)).ok());
  CHECK(check(at_rate(1, Schedule::until_stopped)).ok());
}
