#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "junction/export.hpp"

namespace junction {

/// How many decimal digits of a recorded value survive.
enum class Precision : std::uint8_t {
  two_digits = 7,     ///< buckets at most 1/128 of their value wide
  three_digits = 10,  ///< buckets at most 1/1024 of their value wide
};

/// Counts of non-negative 64-bit values (nanoseconds, throughout this library) in buckets whose width grows
/// with the value, so that each keeps the same relative precision. The buckets are those of HdrHistogram with
/// a lowest discernible value of 1 (G. Tene, hdrhistogram.github.io), so its readers agree bucket by bucket.
///
/// Only buckets that were hit take memory (8 bytes each, in an open-addressing table at most 3/4 full): an
/// empty histogram owns nothing, one of a few samples 64 bytes, one of every value from 1 us to 1 hour 550
/// KiB. record() allocates only when that table doubles. Not thread-safe: one per thread, merged with add().
class JUNCTION_EXPORT Histogram {
 public:
  /// One bucket that was hit.
  struct Bucket {
    std::uint32_t index = 0;  ///< dense, ascending with the value; the counts index of HdrHistogram
    std::uint64_t count = 0;

    friend bool operator==(const Bucket&, const Bucket&) = default;
  };

  Histogram() = default;
  explicit Histogram(Precision precision) : precision_(precision) {}

  /// A negative value counts as 0.
  void record(std::int64_t value) { record(value, 1); }
  void record(std::int64_t value, std::uint64_t times) {
    if (value < 0) value = 0;
    if (value < min_) min_ = value;
    if (value > max_) max_ = value;
    count_ += times;
    add_to_bucket(index_of(static_cast<std::uint64_t>(value), precision_), times);
  }

  /// Begins to fetch the memory that record(value) will touch. Worth it where many values wait to be
  /// recorded.
  void prefetch(std::int64_t value) const {
    if (cells_.empty()) return;
    const auto index = index_of(static_cast<std::uint64_t>(value < 0 ? 0 : value), precision_);
    __builtin_prefetch(&cells_[home(index)], 1);
  }

  /// Adds what `other` counted, exactly. Both must have the same precision (asserted).
  void add(const Histogram& other);

  /// Adds `bucket.count` values of a bucket, as read back from a file. The extremes become what the bucket
  /// allows; set_extremes() restores the exact ones.
  void add(Bucket bucket);

  /// REQUIRES: count() > 0 and min, max lie in the lowest and highest bucket that were hit.
  void set_extremes(std::int64_t min, std::int64_t max) { min_ = min, max_ = max; }

  void clear();

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::int64_t min() const { return empty() ? 0 : min_; }  ///< exact
  [[nodiscard]] std::int64_t max() const { return max_; }                ///< exact
  [[nodiscard]] double mean() const;  ///< of the buckets' middles; 0 when empty

  /// The value that `percent` (0 to 100) of the recorded values do not exceed, to this precision: the highest
  /// value of its bucket, never above max(). 0 when empty.
  [[nodiscard]] std::int64_t value_at_percentile(double percent) const;

  /// The same for several percentiles, in ascending order, in one pass.
  [[nodiscard]] std::vector<std::int64_t> values_at_percentiles(std::span<const double> percents) const;

  /// The buckets that were hit, in ascending order.
  [[nodiscard]] std::vector<Bucket> buckets() const;

  [[nodiscard]] Precision precision() const { return precision_; }
  [[nodiscard]] std::size_t memory_bytes() const { return sizeof(*this) + cells_.capacity() * sizeof(Cell); }

  [[nodiscard]] static std::uint32_t index_of(std::uint64_t value, Precision precision) {
    const int bits = static_cast<int>(precision);
    const int shift = static_cast<int>(std::bit_width(value | ((std::uint64_t{2} << bits) - 1))) - (bits + 1);
    return (static_cast<std::uint32_t>(shift) << bits) + static_cast<std::uint32_t>(value >> shift);
  }
  /// The least and the greatest value that fall into a bucket.
  [[nodiscard]] static std::int64_t lowest_value(std::uint32_t index, Precision precision);
  [[nodiscard]] static std::int64_t highest_value(std::uint32_t index, Precision precision);

  friend JUNCTION_EXPORT bool operator==(const Histogram& a, const Histogram& b);

 private:
  // Bucket index in the low 16 bits (63-bit values need 55,296 of them), count above; 0 is an empty cell. 48
  // bits count nine years at a million a second.
  using Cell = std::uint64_t;
  static constexpr int index_bits = 16;

  void add_to_bucket(std::uint32_t index, std::uint64_t times) {
    if (!cells_.empty()) [[likely]] {
      Cell& cell = find(index);
      if (cell != 0) [[likely]] {
        cell += times << index_bits;
        return;
      }
    }
    insert(index, times);
  }

  // Buckets that follow each other share a cache line: a group of 8 hashes as one, and the place within
  // follows.
  [[nodiscard]] std::size_t home(std::uint32_t index) const {
    const std::uint64_t hash = static_cast<std::uint32_t>((index >> 3) * 0x9E3779B1U);
    return static_cast<std::size_t>((hash * (cells_.size() >> 3)) >> 32) << 3 | (index & 7);
  }
  Cell& find(std::uint32_t index) {
    std::size_t at = home(index);
    while (cells_[at] != 0 && (cells_[at] & ((1U << index_bits) - 1)) != index)
      at = (at + 1) & (cells_.size() - 1);
    return cells_[at];
  }
  void insert(std::uint32_t index, std::uint64_t times);
  void grow();

  std::vector<Cell> cells_;  // size 0 or a power of two from 8
  std::uint64_t count_ = 0;
  std::int64_t min_ = INT64_MAX;
  std::int64_t max_ = 0;
  std::uint32_t used_ = 0;
  Precision precision_ = Precision::three_digits;
};

}  // namespace junction
