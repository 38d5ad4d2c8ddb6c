#pragma once

#include <chrono>
#include <cstdint>
#include <deque>

#include "junction/tally.hpp"

namespace junctionctl::generate {

/// The latest stretch of a run, long enough that a rate over it is steady: a schedule of bursts sends nothing
/// between two of them, and the replies to a burst come when they come. So a rate is that of whole beats,
/// from one burst to the next, and of those that are over.
class Stretch {
 public:
  /// @param beat  from one burst of the schedule to the next; 0 where it has none
  /// @param least  how long the stretch is at least; it is a whole number of beats
  Stretch(std::chrono::nanoseconds beat, std::chrono::nanoseconds least);

  /// What came in since the last call, up to `until` after the start.
  void add(std::chrono::nanoseconds until, const junction::TimeSlot& interval);
  /// Responses and errors a second.
  [[nodiscard]] double rate() const;
  /// All of the stretch, the beat that is not over included.
  [[nodiscard]] junction::TimeSlot sum() const;

 private:
  /// A beat, or without beats an interval.
  struct Part {
    std::chrono::nanoseconds until{0};
    std::int64_t beat = -1;
    std::uint64_t total = 0;  ///< responses and errors up to its end
    junction::TimeSlot slot;
  };
  [[nodiscard]] bool has_beats() const { return beat_.count() > 0; }

  const std::chrono::nanoseconds beat_;
  const std::int64_t beats_;  ///< how many the stretch has
  const std::chrono::nanoseconds length_;
  std::deque<Part> parts_ = {Part{}};  ///< the first is what came before the stretch
};

}  // namespace junctionctl::generate
