#include "junction/replica.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using junction::ReplicaHealth;
using junction::ReplicaLimits;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;

namespace {

struct Step {
  nanoseconds at;
  const char* query;
  bool passes;
};

struct Row {
  const char* name;
  ReplicaLimits limits;
  std::vector<Step> steps;
};

const Row rows[] = {
    {"five distinct queries pass, however often",
     {},
     {{0s, "a", true},
      {0s, "b", true},
      {0s, "a", true},
      {1s, "c", true},
      {1s, "d", true},
      {1s, "e", true},
      {1s, "e", true}}},
    {"the sixth is rejected, and so is what follows, known or not",
     {},
     {{0s, "a", true},
      {0s, "b", true},
      {0s, "c", true},
      {0s, "d", true},
      {0s, "e", true},
      {0s, "f", false},
      {1ms, "a", false},
      {4999ms, "a", false}}},
    {"what is 2 s old still counts, what is older does not",
     {.distinct = 1},
     {{0s, "a", true}, {2001ms, "b", true}, {4001ms, "c", false}}},
    {"a query seen again is as old as its last record",
     {.distinct = 1},
     {{0s, "a", true}, {1500ms, "a", true}, {3s, "b", false}}},
    {"5 s and a tenth after the trip it passes again",
     {.distinct = 1},
     {{0s, "a", true}, {100ms, "b", false}, {5100ms, "a", false}, {5599ms, "a", false}, {5600ms, "a", true}}},
    {"rejected requests are not recorded and do not prolong the penalty",
     {.distinct = 1},
     {{0s, "a", true},
      {0s, "b", false},
      {4s, "c", false},
      {5400ms, "d", false},
      {5500ms, "e", true},
      {5500ms, "e", true}}},
    {"the request that trips it is recorded",
     {.distinct = 1, .window = 2s, .penalty = 1s},
     {{0s, "a", true}, {0s, "b", false}, {1500ms, "b", false}}},
    {"a clock that steps back a little harms nothing",
     {.distinct = 2},
     {{10ms, "a", true}, {9ms, "a", true}, {9ms, "b", true}, {10ms, "c", false}, {9ms, "a", false}}},
};

struct Tally {
  int passed = 0;
  int rejected = 0;
};

/// The story: ten queries due at 0, 1, .. 10 periods; `late` gives each request's lateness as a part of the
/// period.
template <typename Late>
Tally tell_story(nanoseconds period, Late late) {
  struct Arrival {
    nanoseconds at;
    int query;
  };
  std::vector<Arrival> arrivals;
  for (int tick = 0; tick <= 10; ++tick)
    for (int query = 0; query < 10; ++query)
      arrivals.push_back({tick * period + nanoseconds(static_cast<std::int64_t>(
                                              late(tick, query) * static_cast<double>(period.count()))),
                          query});
  std::stable_sort(arrivals.begin(), arrivals.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  ReplicaHealth health({.distinct = 5, .window = 2 * period, .penalty = 5 * period});
  Tally tally;
  for (const auto& [at, query] : arrivals)
    ++(health.admit(std::to_string(query), at) ? tally.passed : tally.rejected);
  return tally;
}

}  // namespace

TEST_CASE("a replica decides as the table says") {
  for (const Row& row : rows) {
    CAPTURE(row.name);
    ReplicaHealth health(row.limits);
    for (const Step& step : row.steps) {
      CAPTURE(step.at.count());
      CAPTURE(step.query);
      CHECK(health.admit(step.query, step.at) == step.passes);
    }
  }
}

TEST_CASE("ten queries a second on one replica: 10 pass and 100 fail, on time to the nanosecond") {
  for (const nanoseconds period : {nanoseconds(1s), nanoseconds(100ms)}) {
    const Tally tally = tell_story(period, [](int, int) { return 0.0; });
    CHECK(tally.passed == 10);
    CHECK(tally.rejected == 100);
  }
}

TEST_CASE("lateness up to nearly half a period changes nothing, whatever its shape") {
  std::mt19937_64 random(1);
  int told = 0;
  for (const nanoseconds period : {nanoseconds(1s), nanoseconds(100ms)})
    for (const double most : {0.001, 0.01, 0.1, 0.3, 0.45, 0.49})
      for (int run = 0; run < 100; ++run) {
        std::uniform_real_distribution<double> uniform(0, most);
        std::vector<double> slow_tick(11), slow_thread(10);
        for (double& late : slow_tick) late = uniform(random) / 2;
        for (double& late : slow_thread) late = uniform(random) / 2;
        const Tally any = tell_story(period, [&](int, int) { return uniform(random); });
        const Tally by_tick = tell_story(period, [&](int tick, int) { return slow_tick[std::size_t(tick)]; });
        const Tally by_thread = tell_story(period, [&](int tick, int query) {
          return slow_tick[std::size_t(tick)] + slow_thread[std::size_t(query)];
        });
        const Tally slow_start =
            tell_story(period, [&](int tick, int) { return tick == 0 ? most : uniform(random); });
        for (const Tally& tally : {any, by_tick, by_thread, slow_start}) {
          CAPTURE(most);
          CAPTURE(run);
          CHECK(tally.passed == 10);
          CHECK(tally.rejected == 100);
          ++told;
        }
      }
  CHECK(told == 4800);
}

TEST_CASE("without the slack the story would depend on milliseconds") {
  // The sceptic's check of the check above: bursts that spread further than the slack do change the tally.
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> uniform(0, 0.99);
  int differing = 0;
  for (int run = 0; run < 100; ++run)
    if (tell_story(1s, [&](int, int) { return uniform(random); }).passed != 10) ++differing;
  CHECK(differing > 0);
}
