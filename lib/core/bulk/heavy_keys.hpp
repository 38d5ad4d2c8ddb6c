#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace junction {

/// The keys with the most requests, in bounded memory: filtered space-saving (Homem and Carvalho, "Finding
/// top-k elements in data streams", Information Sciences 180, 2010). A cell of a table bounds from above how
/// often any of its keys came; a key gets a counter of its own once its cell's bound passes the smallest
/// counter, whose key gives way. So whatever has more than one in `counter_limit` of the requests has a
/// counter in the end, and each counter knows by how much it may be too high.
class HeavyKeys {
 public:
  static constexpr std::size_t counter_limit = 256;
  static constexpr std::size_t text_limit = 2048;  ///< bytes of a key's text that are kept

  struct Counter {
    std::uint64_t hash = 0;
    std::uint64_t count = 0;      ///< at most so often
    std::uint64_t overcount = 0;  ///< and at least `count - overcount`
    std::string text;             ///< as given when the counter was made
  };

  HeavyKeys();

  /// Counts one request. `text` is only looked at where the key gets a counter.
  void add(std::uint64_t hash, std::string_view text) {
    if (++bounds_[cell_of(hash)] > limit_) [[unlikely]]
      look_closer(hash, text);
  }

  /// All counters, heaviest first.
  [[nodiscard]] std::vector<Counter> counters() const;

  /// How often a key can have come at most that has no counter here.
  [[nodiscard]] std::uint64_t bound(std::uint64_t hash) const {
    return bounds_[cell_of(hash)] & ~has_counters;
  }

 private:
  static constexpr std::size_t cell_count = 8192;
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  static constexpr std::uint32_t has_counters = std::uint32_t{1} << 31;
  static constexpr std::uint32_t largest_bound = has_counters - 1;
  struct Chained : Counter {
    std::uint32_t next = none;
  };

  static std::size_t cell_of(std::uint64_t hash) { return (hash >> 8) % cell_count; }
  void look_closer(std::uint64_t hash, std::string_view text);
  bool count_known(std::uint64_t hash);
  void make_counter(std::uint64_t hash, std::string_view text);
  void detach(std::uint32_t at);
  std::uint32_t take_smallest();

  // Bounds lie apart from the rest, as most requests look at nothing else. A cell with counters is marked in
  // its bound's top bit, which lifts it above every limit.
  std::vector<std::uint32_t> bounds_;  ///< of the requests of any key of the cell that has no counter
  std::vector<std::uint32_t> firsts_;  ///< of each cell's counters; each knows the next
  std::vector<Chained> counters_;
  std::vector<std::uint32_t> at_smallest_;  ///< counters that were at smallest_ when last looked for
  std::uint64_t smallest_ = 0;              ///< no counter is below it, once there are counter_limit of them
  std::uint32_t limit_ = 0;                 ///< the same as a bound
};

/// The counters of several streams as those of all together, heaviest first; the bounds add up.
std::vector<HeavyKeys::Counter> merge_heavy(const std::vector<const HeavyKeys*>& streams);

}  // namespace junction
