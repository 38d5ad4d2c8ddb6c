#include "junction/ring.hpp"

#include <algorithm>
#include <cassert>
#include <string_view>
#include <utility>

#include "core/little_endian.hpp"
#include "junction/hash.hpp"

namespace junction {
namespace {

constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;

}  // namespace

// Signed numbers sort as unsigned ones once the sign bit is flipped.
std::uint64_t Ring::rank(std::uint64_t hash) const {
  return order_ == RingOrder::signed_line ? hash ^ sign_bit : hash;
}

Ring::Ring(std::vector<RingEntry> entries, RingOrder order) : entries_(std::move(entries)), order_(order) {
  std::stable_sort(entries_.begin(), entries_.end(),
                   [this](const RingEntry& a, const RingEntry& b) { return rank(a.hash) < rank(b.hash); });
}

std::size_t Ring::find(std::uint64_t hash) const {
  assert(!empty());
  const auto entry =
      std::lower_bound(entries_.begin(), entries_.end(), rank(hash),
                       [this](const RingEntry& e, std::uint64_t at) { return rank(e.hash) < at; });
  if (entry != entries_.end()) return static_cast<std::size_t>(entry - entries_.begin());
  return order_ == RingOrder::signed_line ? entries_.size() - 1 : 0;
}

std::uint64_t Ring::digest() const {
  std::vector<std::uint8_t> bytes(entries_.size() * 12);
  std::uint8_t* to = bytes.data();
  for (const RingEntry& entry : entries_) to = put_le(put_le(to, entry.hash), entry.endpoint);
  return xxh64({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::vector<double> Ring::shares(std::size_t endpoints) const {
  std::vector<double> shares(endpoints, 0.0);
  if (entries_.size() == 1) shares[entries_.front().endpoint] = 1.0;
  if (entries_.size() < 2) return shares;
  // Unsigned wrap-around makes the first arc run from the last entry through zero. On a line it starts at the
  // lowest number instead, and what lies beyond the last entry is the last entry's.
  const std::uint64_t last = rank(entries_.back().hash);
  const bool line = order_ == RingOrder::signed_line;
  std::uint64_t before = line ? ~std::uint64_t{0} : last;
  for (const RingEntry& entry : entries_) {
    shares[entry.endpoint] += static_cast<double>(rank(entry.hash) - before) * 0x1p-64;
    before = rank(entry.hash);
  }
  if (line) shares[entries_.back().endpoint] += static_cast<double>(~std::uint64_t{0} - last) * 0x1p-64;
  return shares;
}

}  // namespace junction
