#pragma once

#include <cstdint>
#include <vector>

#include "junction/export.hpp"
#include "junction/histogram.hpp"
#include "junction/outcome.hpp"

namespace junction {

/// One stretch of a run.
struct JUNCTION_EXPORT TimeSlot {
  std::uint64_t sent = 0;                     ///< requests sent in it
  OutcomeCounts outcomes;                     ///< of the requests that ended in it
  Histogram response{Precision::two_digits};  ///< response times of the responses that ended in it, ns
  std::int64_t lateness_max = 0;              ///< of the requests sent in it, ns

  void add(const TimeSlot& other);
  friend bool operator==(const TimeSlot&, const TimeSlot&) = default;
};

/// What happened when, second by second. A run longer than the slots allow halves its resolution: every two
/// slots become one of twice the width, so memory stays bounded and no request is lost.
class JUNCTION_EXPORT TimeSeries {
 public:
  static constexpr std::int64_t second = 1'000'000'000;

  /// `max_slots` is at least 2 and even.
  TimeSeries() = default;
  explicit TimeSeries(std::uint32_t max_slots, Precision precision = Precision::two_digits)
      : max_slots_(max_slots), precision_(precision) {}
  /// As read back from a file. REQUIRES: no more slots than `max_slots`, each of `precision`, and `width` a
  /// power of two of seconds.
  TimeSeries(std::uint32_t max_slots, Precision precision, std::int64_t width, std::vector<TimeSlot> slots);

  /// The slot that holds a time (nanoseconds since the start of the run; before it counts as 0). The
  /// reference holds until the next call.
  TimeSlot& at(std::int64_t time) {
    if (time >= current_begin_ && time < current_end_) [[likely]]
      return slots_[current_];
    return move_to(time);
  }

  /// Adds exactly; the coarser of the two widths wins.
  void add(const TimeSeries& other);

  [[nodiscard]] const std::vector<TimeSlot>& slots() const { return slots_; }
  [[nodiscard]] std::int64_t width() const {
    return width_;
  }  ///< of one slot, ns: 1 s, or 2, 4, 8... of them
  [[nodiscard]] std::uint32_t max_slots() const { return max_slots_; }
  [[nodiscard]] Precision precision() const { return precision_; }

  friend bool operator==(const TimeSeries& a, const TimeSeries& b) {
    return a.max_slots_ == b.max_slots_ && a.precision_ == b.precision_ && a.width_ == b.width_ &&
           a.slots_ == b.slots_;
  }

 private:
  TimeSlot& move_to(std::int64_t time);
  void halve();

  std::vector<TimeSlot> slots_;
  std::int64_t width_ = second;
  std::int64_t current_begin_ = 0, current_end_ = 0;  // the span of slots_[current_]
  std::size_t current_ = 0;
  std::uint32_t max_slots_ = 512;
  Precision precision_ = Precision::two_digits;
};

}  // namespace junction
