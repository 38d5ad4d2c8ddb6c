#include "junction/ring.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <numeric>
#include <string_view>
#include <utility>

#include "core/balance/little_endian.hpp"
#include "junction/hash.hpp"

namespace junction {
namespace {

constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;
constexpr std::uint64_t highest = ~std::uint64_t{0};

// Two entries follow the last, higher than any hash and with the endpoint that a hash beyond the last belongs
// to, so that a search may look two entries ahead and needs no bound.
constexpr std::size_t padding = 2;

// At least as many buckets as entries, so that one holds less than one entry on average; 2^24 at most.
int bucket_bits(std::size_t entries) {
  return std::min(static_cast<int>(std::bit_width(entries)), 24);
}

}  // namespace

// A counting sort by the top bits leaves each bucket's few entries together, in the order they were made; the
// counts stay as the index for find().
Ring::Ring(std::vector<RingEntry> made, RingOrder order)
    : size_(made.size()), order_(order), flip_(order == RingOrder::signed_line ? sign_bit : 0) {
  if (made.empty()) return;
  const int bits = bucket_bits(size_);
  shift_ = 64 - bits;
  index_.assign((std::size_t{1} << bits) + 1, 0);
  for (const RingEntry& entry : made) ++index_[(rank(entry.hash) >> shift_) + 1];
  std::partial_sum(index_.begin(), index_.end(), index_.begin());

  entries_.resize(size_ + padding);
  for (const RingEntry& entry : made) entries_[index_[rank(entry.hash) >> shift_]++] = entry;
  // Each bucket's start has moved to its end, the start of the next.
  std::copy_backward(index_.begin(), index_.end() - 1, index_.end());
  index_.front() = 0;

  sort_buckets();
  const RingEntry& beyond = entries_[beyond_last()];
  std::fill_n(entries_.begin() + static_cast<std::ptrdiff_t>(size_), padding,
              RingEntry{highest ^ flip_, beyond.endpoint, beyond.replica});
}

// Insertion, as a bucket has one or two entries; only duplicated endpoints make it longer.
void Ring::sort_buckets() {
  const auto below = [this](const RingEntry& a, const RingEntry& b) { return rank(a.hash) < rank(b.hash); };
  constexpr std::size_t few = 32;
  const auto first = entries_.begin();
  for (std::size_t i = 1; i < size_; ++i) {
    if (!below(first[static_cast<std::ptrdiff_t>(i)], first[static_cast<std::ptrdiff_t>(i - 1)])) continue;
    const std::size_t bucket = rank(entries_[i].hash) >> shift_;
    const std::size_t start = index_[bucket];
    if (index_[bucket + 1] - start > few) {
      std::stable_sort(first + index_[bucket], first + index_[bucket + 1], below);
      i = index_[bucket + 1] - 1;
      continue;
    }
    const RingEntry moved = entries_[i];
    std::size_t to = i;
    for (; to > start && below(moved, entries_[to - 1]); --to) entries_[to] = entries_[to - 1];
    entries_[to] = moved;
  }
}

std::size_t Ring::lower_bound(std::uint64_t ranked) const {
  const std::size_t bucket = ranked >> shift_;
  const auto from = entries_.begin() + index_[bucket], to = entries_.begin() + index_[bucket + 1];
  const auto entry = std::lower_bound(
      from, to, ranked, [this](const RingEntry& e, std::uint64_t at) { return rank(e.hash) < at; });
  return static_cast<std::size_t>(entry - entries_.begin());
}

std::size_t Ring::find(std::uint64_t hash) const {
  assert(!empty());
  const std::uint64_t ranked = rank(hash);
  std::size_t at = index_[ranked >> shift_];
  if (rank(entries_[at].hash) < ranked) at = lower_bound(ranked);
  return at < size_ ? at : beyond_last();
}

// Without a branch that depends on the hash: how many of the first two entries of its bucket lie below it is
// the answer nearly always.
void Ring::endpoints(std::span<const std::uint64_t> hashes, std::span<std::uint32_t> to) const {
  assert(!empty() && to.size() >= hashes.size());
  const RingEntry* const entries = entries_.data();
  const std::uint32_t* const index = index_.data();
  const std::uint64_t flip = flip_;
  const int shift = shift_;
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    const std::uint64_t ranked = hashes[i] ^ flip;
    const RingEntry* entry = entries + index[ranked >> shift];
    entry +=
        static_cast<int>((entry[0].hash ^ flip) < ranked) + static_cast<int>((entry[1].hash ^ flip) < ranked);
    if ((entry->hash ^ flip) < ranked) [[unlikely]]
      entry = entries + lower_bound(ranked);
    to[i] = entry->endpoint;
  }
}

std::uint64_t Ring::digest() const {
  std::vector<std::uint8_t> bytes(size_ * 12);
  std::uint8_t* to = bytes.data();
  for (const RingEntry& entry : entries()) to = put_le(put_le(to, entry.hash), entry.endpoint);
  return xxh64({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::vector<double> Ring::shares(std::size_t endpoints) const {
  std::vector<double> shares(endpoints, 0.0);
  if (size_ == 1) shares[entries_.front().endpoint] = 1.0;
  if (size_ < 2) return shares;
  // Unsigned wrap-around makes the first arc run from the last entry through zero. On a line it starts at the
  // lowest number instead, and what lies beyond the last entry is the last entry's.
  const std::uint64_t last = rank(entries_[size_ - 1].hash);
  const bool line = order_ == RingOrder::signed_line;
  std::uint64_t before = line ? highest : last;
  for (const RingEntry& entry : entries()) {
    shares[entry.endpoint] += static_cast<double>(rank(entry.hash) - before) * 0x1p-64;
    before = rank(entry.hash);
  }
  if (line) shares[entries_[size_ - 1].endpoint] += static_cast<double>(highest - last) * 0x1p-64;
  return shares;
}

}  // namespace junction
