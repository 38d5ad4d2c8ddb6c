#include "junction/histogram.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

namespace junction {

std::int64_t Histogram::lowest_value(std::uint32_t index, Precision precision) {
  const int bits = static_cast<int>(precision);
  const std::uint32_t shift = index < (2U << bits) ? 0 : (index >> bits) - 1;
  return static_cast<std::int64_t>(std::uint64_t{index - (shift << bits)} << shift);
}

std::int64_t Histogram::highest_value(std::uint32_t index, Precision precision) {
  const int bits = static_cast<int>(precision);
  const std::uint32_t shift = index < (2U << bits) ? 0 : (index >> bits) - 1;
  return lowest_value(index, precision) + static_cast<std::int64_t>((std::uint64_t{1} << shift) - 1);
}

void Histogram::insert(std::uint32_t index, std::uint64_t times) {
  if ((used_ + 1) * 4 > cells_.size() * 3) grow();
  find(index) = times << index_bits | index;
  ++used_;
}

void Histogram::grow() {
  const std::vector<Cell> old =
      std::exchange(cells_, std::vector<Cell>(std::max<std::size_t>(8, cells_.size() * 2)));
  for (const Cell cell : old) {
    if (cell != 0) find(static_cast<std::uint32_t>(cell & ((1U << index_bits) - 1))) = cell;
  }
}

void Histogram::add(const Histogram& other) {
  assert(precision_ == other.precision_);
  for (const Cell cell : other.cells_) {
    if (cell != 0)
      add_to_bucket(static_cast<std::uint32_t>(cell & ((1U << index_bits) - 1)), cell >> index_bits);
  }
  count_ += other.count_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

void Histogram::add(Bucket bucket) {
  if (bucket.count == 0) return;
  add_to_bucket(bucket.index, bucket.count);
  count_ += bucket.count;
  min_ = std::min(min_, lowest_value(bucket.index, precision_));
  max_ = std::max(max_, highest_value(bucket.index, precision_));
}

void Histogram::clear() {
  std::fill(cells_.begin(), cells_.end(), 0);
  count_ = used_ = 0;
  min_ = INT64_MAX;
  max_ = 0;
}

std::vector<Histogram::Bucket> Histogram::buckets() const {
  std::vector<Bucket> result;
  result.reserve(used_);
  for (const Cell cell : cells_) {
    if (cell != 0)
      result.push_back({static_cast<std::uint32_t>(cell & ((1U << index_bits) - 1)), cell >> index_bits});
  }
  std::sort(result.begin(), result.end(), [](const Bucket& a, const Bucket& b) { return a.index < b.index; });
  return result;
}

double Histogram::mean() const {
  if (empty()) return 0;
  double sum = 0;
  for (const Bucket& bucket : buckets()) {
    const double middle = (static_cast<double>(lowest_value(bucket.index, precision_)) +
                           static_cast<double>(highest_value(bucket.index, precision_))) /
                          2;
    sum += middle * static_cast<double>(bucket.count);
  }
  // The middle of a bucket may lie beyond all that is in it.
  return std::clamp(sum / static_cast<double>(count_), static_cast<double>(min_), static_cast<double>(max_));
}

std::vector<std::int64_t> Histogram::values_at_percentiles(std::span<const double> percents) const {
  std::vector<std::int64_t> values(percents.size(), 0);
  const std::vector<Bucket> hit = buckets();
  auto bucket = hit.begin();
  std::uint64_t seen = hit.empty() ? 0 : bucket->count;
  for (std::size_t i = 0; i < percents.size() && !hit.empty(); ++i) {
    const double share = std::clamp(percents[i], 0.0, 100.0) / 100 * static_cast<double>(count_);
    const auto rank = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(share - 1e-9 * share)));
    while (seen < rank && bucket + 1 != hit.end()) seen += (++bucket)->count;
    values[i] = std::clamp(highest_value(bucket->index, precision_), min_, max_);
  }
  return values;
}

std::int64_t Histogram::value_at_percentile(double percent) const {
  return values_at_percentiles(std::span(&percent, 1)).front();
}

bool operator==(const Histogram& a, const Histogram& b) {
  return a.precision_ == b.precision_ && a.count_ == b.count_ && a.min_ == b.min_ && a.max_ == b.max_ &&
         a.buckets() == b.buckets();
}

}  // namespace junction
