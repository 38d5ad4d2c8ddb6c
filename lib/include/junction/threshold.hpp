#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "junction/export.hpp"
#include "junction/result.hpp"

namespace junction {

struct RunReport;

/// A condition on a run, as in "p99<50ms", "errors<1%", "code(500)==0", "rate>=0.99" (docs/thresholds.md).
struct Threshold {
  enum class Metric : std::uint8_t {
    percentile,  ///< of the response times, `argument` percent
    mean,
    max,
    service_percentile,   ///< of the service times
    lateness_percentile,  ///< of the start lateness
    errors,               ///< requests without a response
    failed,               ///< those, and responses of 400 and above
    code,                 ///< responses with status `argument`, or of a class of a hundred ("5xx": 5)
    requests,             ///< sent
    rate,                 ///< achieved share of the asked rate
    throughput,           ///< responses a second
  };
  enum class Comparison : std::uint8_t { less, less_equal, greater, greater_equal, equal, not_equal };
  enum class Unit : std::uint8_t { nanoseconds, count, share };

  std::string text;  ///< as it was written
  Metric metric = Metric::percentile;
  double argument = 0;
  Comparison comparison = Comparison::less;
  Unit unit = Unit::count;
  double bound = 0;  ///< in `unit`; a share is 0 to 1 ("1%" is 0.01)
};

struct ThresholdResult {
  std::string text;    ///< "p99<50ms"
  bool holds = false;  ///< false also when there is nothing to compare, as p99 of a run without responses
  std::string actual;  ///< "61.2ms", "3 (0.30%)", "no responses"

  friend bool operator==(const ThresholdResult&, const ThresholdResult&) = default;
};

/// The error names the expression and what in it is wrong.
[[nodiscard]] JUNCTION_EXPORT Result<Threshold> parse_threshold(std::string_view text);

[[nodiscard]] JUNCTION_EXPORT ThresholdResult evaluate(const Threshold& threshold, const RunReport& report);

}  // namespace junction
