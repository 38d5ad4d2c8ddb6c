#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "junction/export.hpp"

namespace junction {

/// When a replica that keeps part of its data in memory gives up.
struct ReplicaLimits {
  std::size_t distinct = 5;  ///< this many distinct queries within `window` are fine, one more is not
  std::chrono::nanoseconds window = std::chrono::seconds(2);
  std::chrono::nanoseconds penalty = std::chrono::seconds(5);  ///< how long every request is rejected then
};

/// The failure rule of one wineinfo-recs replica, a pure state machine: time comes in as an argument.
///
///   ReplicaHealth health;
///   const bool ok = health.admit("pinot noir", now);  // false: answer 500
///
/// Per request: while failing, reject at once and do not record. Else forget what was recorded more than
/// `window` ago, record this one, and count the distinct queries recorded; more than `distinct` of them:
/// start failing for `penalty` and reject this one too.
///
/// The end of the penalty is inclusive, give or take a tenth. A burst that comes every second and trips the
/// replica at 0 s has members due at exactly 5 s, and whether each is a few milliseconds early or late must
/// not decide its fate: those up to penalty/10 (`slack()`) late still belong to the penalty. So with ten
/// queries a second the five passes at 0 s are followed by five at 6 s, and never by a few at 5 s and a few
/// more at 6 s. As long as the members of a burst spread over less than half a period, 11 bursts of ten bring
/// exactly 10 passes (tests/core/replica_test.cpp).
///
/// Not thread safe. `now` counts from any fixed origin and should not go backwards; where it does, by the
/// races of callers who read a clock and then queue for a lock, the request counts as of that earlier time.
class JUNCTION_EXPORT ReplicaHealth {
 public:
  explicit ReplicaHealth(ReplicaLimits limits = {});

  /// True: the request is answered; false: it is rejected.
  bool admit(std::string_view query, std::chrono::nanoseconds now);

  [[nodiscard]] bool failing(std::chrono::nanoseconds now) const { return now < fails_until_; }
  [[nodiscard]] std::chrono::nanoseconds slack() const { return limits_.penalty / 10; }

 private:
  struct Seen {
    std::string query;
    std::chrono::nanoseconds last;  ///< the latest record of a query is all that the count depends on
  };

  void record(std::string_view query, std::chrono::nanoseconds now);

  ReplicaLimits limits_;
  std::chrono::nanoseconds fails_until_ = std::chrono::nanoseconds::min();
  std::vector<Seen> seen_;  // hardly ever more than distinct + 1 entries
};

}  // namespace junction
