#include "tools/generate/stretch.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

namespace junctionctl::generate {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using namespace std::chrono_literals;

/// Rates as they are shown every `poll`, while bursts of ten fall due each `beat` and are answered `reply`
/// later.
std::vector<double> rates(nanoseconds beat, nanoseconds poll, nanoseconds reply, nanoseconds run,
                          nanoseconds stalls_at = nanoseconds::max()) {
  Stretch stretch(beat, 1s);
  std::vector<double> shown;
  std::int64_t answered = 0;
  for (nanoseconds now = poll; now <= run; now += poll) {
    junction::TimeSlot slot;
    for (; beat * answered + reply <= std::min(now, stalls_at); ++answered)
      for (int i = 0; i < 10; ++i) slot.outcomes.record(junction::OutcomeKey(200, junction::ErrorType::none));
    stretch.add(now, slot);
    shown.push_back(stretch.rate());
  }
  return shown;
}

}  // namespace

TEST_CASE("a steady load has a steady rate, whenever it is looked at and whenever replies come") {
  struct Row {
    const char* name;
    nanoseconds beat, poll, reply;
    double rate;
  };
  for (const Row& row : {
           Row{"the tutorial's load", 1s, 250ms, 3ms, 10},
           Row{"looked at a little later each time", 1s, 251ms, 3ms, 10},
           Row{"looked at once a burst", 1s, 1s, 3ms, 10},
           Row{"slow replies", 1s, 250ms, 400ms, 10},
           Row{"a long period", 5s, 250ms, 3ms, 2},
           Row{"several bursts a look", 100ms, 250ms, 3ms, 100},
           Row{"bursts without end", 1ms, 250ms, 0ms, 10000},
       }) {
    CAPTURE(row.name);
    const auto shown = rates(row.beat, row.poll, row.reply, 30 * std::max(row.beat, nanoseconds(1s)));
    for (std::size_t i = static_cast<std::size_t>((row.beat + 1s) / row.poll) + 1; i < shown.size(); ++i) {
      CAPTURE(i);
      CHECK(std::abs(shown[i] - row.rate) <= (row.beat < row.poll ? 0.1 : 0.001) * row.rate);
    }
  }
}

TEST_CASE("a run that has just begun has the rate of its first burst, not that of a quarter of a second") {
  CHECK(rates(1s, 250ms, 3ms, 750ms) == std::vector<double>{10, 10, 10});
}

TEST_CASE("a server that stalls shows within a beat or two") {
  const auto shown = rates(1s, 250ms, 3ms, 20s, 10s);
  CHECK(shown.at(9 * 4) == 10);
  CHECK(shown.back() == 0);
  CHECK(shown.at(12 * 4) == 0);
}

}  // namespace junctionctl::generate
