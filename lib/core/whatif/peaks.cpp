#include <algorithm>
#include <cassert>
#include <limits>
#include <unordered_set>

#include "junction/capacity.hpp"

namespace junction {
namespace {

using std::chrono::nanoseconds;

/// The requests of each endpoint, one endpoint after the other, each in the order of the log.
struct ByEndpoint {
  std::vector<std::size_t> starts;      ///< of each endpoint's, and the end
  std::vector<std::uint32_t> requests;  ///< their numbers in the log
};

ByEndpoint by_endpoint(std::span<const std::uint32_t> endpoint, std::size_t endpoints) {
  ByEndpoint sorted{std::vector<std::size_t>(endpoints + 1), std::vector<std::uint32_t>(endpoint.size())};
  for (const std::uint32_t each : endpoint) ++sorted.starts[each + 1];
  for (std::size_t e = 0; e < endpoints; ++e) sorted.starts[e + 1] += sorted.starts[e];
  std::vector<std::size_t> next(sorted.starts.begin(), sorted.starts.end() - 1);
  for (std::uint32_t i = 0; i < endpoint.size(); ++i) sorted.requests[next[endpoint[i]]++] = i;
  return sorted;
}

/// What is within the window as it slides along.
class Window {
 public:
  explicit Window(std::size_t keys) : times_(keys) {}

  void enter(std::uint32_t key) {
    ++requests_;
    if (times_[key]++ == 0) ++distinct_;
  }
  void leave(std::uint32_t key) {
    --requests_;
    if (--times_[key] == 0) --distinct_;
  }
  [[nodiscard]] std::uint64_t count(CapacityLimit::Counts counts) const {
    return counts == CapacityLimit::Counts::distinct ? distinct_ : requests_;
  }

 private:
  std::vector<std::uint32_t> times_;  ///< each key is within
  std::uint64_t requests_ = 0;
  std::uint64_t distinct_ = 0;
};

}  // namespace

std::vector<CapacityPeak> capacity_peaks(std::span<const TimedRequest> requests,
                                         std::span<const std::uint32_t> endpoint, std::size_t keys,
                                         std::size_t endpoints, const CapacityLimit& limit) {
  assert(requests.size() == endpoint.size() && requests.size() <= std::numeric_limits<std::uint32_t>::max());
  const ByEndpoint sorted = by_endpoint(endpoint, endpoints);
  const nanoseconds length = limit.window.value_or(nanoseconds::max());
  std::vector<CapacityPeak> peaks(endpoints);
  Window window(keys);
  for (std::size_t e = 0; e < endpoints; ++e) {
    const auto own =
        std::span(sorted.requests).subspan(sorted.starts[e], sorted.starts[e + 1] - sorted.starts[e]);
    std::size_t oldest = 0;
    for (const std::uint32_t newest : own) {
      while (requests[newest].at - requests[own[oldest]].at > length)
        window.leave(requests[own[oldest++]].key);
      window.enter(requests[newest].key);
      if (const std::uint64_t count = window.count(limit.counts); count > peaks[e].count)
        peaks[e] = {count, requests[own[oldest]].at, requests[newest].at};
    }
    for (; oldest < own.size(); ++oldest) window.leave(requests[own[oldest]].key);
  }
  return peaks;
}

std::vector<std::uint32_t> keys_of_peak(std::span<const TimedRequest> requests,
                                        std::span<const std::uint32_t> endpoint, std::uint32_t which,
                                        const CapacityPeak& peak) {
  const auto first = std::lower_bound(requests.begin(), requests.end(), peak.from,
                                      [](const TimedRequest& r, nanoseconds at) { return r.at < at; });
  std::vector<std::uint32_t> keys;
  std::unordered_set<std::uint32_t> seen;
  for (auto i = static_cast<std::size_t>(first - requests.begin());
       i < requests.size() && requests[i].at <= peak.to; ++i) {
    if (endpoint[i] == which && seen.insert(requests[i].key).second) keys.push_back(requests[i].key);
  }
  return keys;
}

}  // namespace junction
