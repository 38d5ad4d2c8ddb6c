#include "junction/time_series.hpp"

#include <algorithm>
#include <utility>

namespace junction {

void TimeSlot::add(const TimeSlot& other) {
  sent += other.sent;
  outcomes.add(other.outcomes);
  response.add(other.response);
  lateness_max = std::max(lateness_max, other.lateness_max);
}

TimeSeries::TimeSeries(std::uint32_t max_slots, Precision precision, std::int64_t width,
                       std::vector<TimeSlot> slots)
    : slots_(std::move(slots)), width_(width), max_slots_(max_slots), precision_(precision) {}

TimeSlot& TimeSeries::move_to(std::int64_t time) {
  time = std::max<std::int64_t>(time, 0);
  while (time / width_ >= max_slots_) halve();
  current_ = static_cast<std::size_t>(time / width_);
  if (current_ >= slots_.size()) slots_.resize(current_ + 1, TimeSlot{.response = Histogram(precision_)});
  current_begin_ = static_cast<std::int64_t>(current_) * width_;
  current_end_ = current_begin_ > INT64_MAX - width_ ? INT64_MAX : current_begin_ + width_;
  return slots_[current_];
}

void TimeSeries::halve() {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (i % 2 == 1) {
      slots_[i / 2].add(slots_[i]);
    } else if (i > 0) {
      slots_[i / 2] = std::move(slots_[i]);
    }
  }
  slots_.resize((slots_.size() + 1) / 2);
  width_ *= 2;
  current_begin_ = current_end_ = 0;
}

void TimeSeries::add(const TimeSeries& other) {
  while (width_ < other.width_) halve();
  for (std::size_t i = 0; i < other.slots_.size(); ++i) {
    at(static_cast<std::int64_t>(i) * other.width_).add(other.slots_[i]);
  }
}

}  // namespace junction
