#include "junction/ring.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <string_view>
#include <utility>

#include "core/little_endian.hpp"
#include "junction/hash.hpp"

namespace junction {

Ring::Ring(std::vector<RingEntry> entries) : entries_(std::move(entries)) {
  std::stable_sort(entries_.begin(), entries_.end(),
                   [](const RingEntry& a, const RingEntry& b) { return a.hash < b.hash; });
}

std::size_t Ring::find(std::uint64_t hash) const {
  assert(!empty());
  const auto entry = std::lower_bound(entries_.begin(), entries_.end(), hash,
                                      [](const RingEntry& e, std::uint64_t h) { return e.hash < h; });
  return entry == entries_.end() ? 0 : static_cast<std::size_t>(entry - entries_.begin());
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
  std::uint64_t before = entries_.back().hash;
  for (const RingEntry& entry : entries_) {
    // Unsigned wrap-around makes the first arc run from the last entry through zero.
    shares[entry.endpoint] += static_cast<double>(entry.hash - before) * 0x1p-64;
    before = entry.hash;
  }
  return shares;
}

}  // namespace junction
