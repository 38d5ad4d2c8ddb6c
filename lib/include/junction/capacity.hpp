#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "junction/export.hpp"
#include "junction/result.hpp"

namespace junction {

/// What one endpoint bears: "distinct<=5/2s" (different keys within any two seconds), "requests<=100/1s".
struct CapacityLimit {
  enum class Counts : std::uint8_t { distinct, requests };

  std::string text;  ///< as it was written
  Counts counts = Counts::distinct;
  std::uint64_t most = 0;  ///< this many are fine, one more is not
  /// Both ends of it belong to it, as in a replica's own rule. Nothing: all that is asked counts as one
  /// moment.
  std::optional<std::chrono::nanoseconds> window;
};

/// NAME<=NUMBER or NAME<NUMBER, with /DURATION behind it or not. The error names the expression and what in
/// it is wrong.
[[nodiscard]] JUNCTION_EXPORT Result<CapacityLimit> parse_capacity_limit(std::string_view text);

/// The most keys that chance_of_more() takes: its time grows with their number and the endpoints'.
inline constexpr std::uint64_t most_unknown_keys = 100'000;

/// The probability that at least one endpoint gets more than `most` of `keys` different keys that nobody
/// knows, each of which meets endpoint e with probability shares[e] (adding up to 1), whatever the others do.
/// Summed up from positive terms alone, so that a small probability is as exact as a large one: to nine
/// digits, and more where keys are few. REQUIRES: keys <= most_unknown_keys.
[[nodiscard]] JUNCTION_EXPORT double chance_of_more(std::span<const double> shares, std::uint64_t keys,
                                                    std::uint64_t most);

/// A request of a log: when, and which of its keys, which are numbered from 0.
struct TimedRequest {
  std::chrono::nanoseconds at{0};
  std::uint32_t key = 0;
};

/// The moment at which one endpoint has to bear the most.
struct CapacityPeak {
  std::uint64_t count = 0;           ///< of different keys or requests, as the limit has it; 0: it gets none
  std::chrono::nanoseconds from{0};  ///< the first and the last request of that moment, of the endpoint's own
  std::chrono::nanoseconds to{0};
};

/// The worst moment of each endpoint; of equal ones the first. Request i goes to endpoint[i]. REQUIRES:
/// requests in the order of their times, a key below `keys` and an endpoint below `endpoints` for each.
[[nodiscard]] JUNCTION_EXPORT std::vector<CapacityPeak> capacity_peaks(
    std::span<const TimedRequest> requests, std::span<const std::uint32_t> endpoint, std::size_t keys,
    std::size_t endpoints, const CapacityLimit& limit);

/// The keys of such a moment of one endpoint, each once, in the order they are first asked for.
[[nodiscard]] JUNCTION_EXPORT std::vector<std::uint32_t> keys_of_peak(std::span<const TimedRequest> requests,
                                                                      std::span<const std::uint32_t> endpoint,
                                                                      std::uint32_t which,
                                                                      const CapacityPeak& peak);

}  // namespace junction
