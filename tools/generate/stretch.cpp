#include "tools/generate/stretch.hpp"

#include <algorithm>

namespace junctionctl::generate {
namespace {

using std::chrono::nanoseconds;

// Bursts that follow each other so closely need no counting.
constexpr nanoseconds shortest_beat = std::chrono::milliseconds{10};

}  // namespace

Stretch::Stretch(nanoseconds beat, nanoseconds least)
    : beat_(beat < shortest_beat ? nanoseconds{0} : beat),
      beats_(has_beats() ? std::max<std::int64_t>(1, (least + beat_ - nanoseconds{1}) / beat_) : 0),
      length_(least) {}

void Stretch::add(nanoseconds until, const junction::TimeSlot& interval) {
  const std::int64_t beat = has_beats() ? until / beat_ : 0;
  if (parts_.size() == 1 || !has_beats() || parts_.back().beat != beat)
    parts_.push_back({.until = until, .beat = beat, .total = parts_.back().total, .slot = {}});
  parts_.back().until = until;
  parts_.back().total += interval.outcomes.total();
  parts_.back().slot.add(interval);
  const auto too_old = [&] {
    if (parts_.size() <= 2) return false;
    return has_beats() ? parts_.size() > static_cast<std::size_t>(beats_) + 2
                       : parts_[1].until <= until - length_;
  };
  while (too_old()) parts_.pop_front();
}

double Stretch::rate() const {
  if (parts_.size() == 1) return 0;
  const Part& first = parts_.front();
  const bool one_is_over = has_beats() && parts_.size() > 2;
  const Part& last = one_is_over ? parts_[parts_.size() - 2] : parts_.back();
  const nanoseconds span = has_beats() ? (last.beat - first.beat) * beat_ : last.until - first.until;
  return span.count() > 0
             ? static_cast<double>(last.total - first.total) * 1e9 / static_cast<double>(span.count())
             : 0;
}

junction::TimeSlot Stretch::sum() const {
  junction::TimeSlot sum;
  for (std::size_t i = 1; i < parts_.size(); ++i) sum.add(parts_[i].slot);
  return sum;
}

}  // namespace junctionctl::generate
