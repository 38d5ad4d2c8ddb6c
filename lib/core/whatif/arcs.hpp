#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/whatif/wide.hpp"
#include "junction/ring.hpp"

namespace junction {

/// A run of hashes with one owner: from behind the arc before it up to and including `last`.
struct Arc {
  std::uint64_t last = 0;
  std::uint32_t owner = 0;

  friend bool operator==(const Arc&, const Arc&) = default;
};

/// Who owns which hashes, as arcs in ascending order that cover all 2^64 of them, whatever the order the ring
/// is read in:
///
///   0        h[0]      h[1]            h[n-1]     2^64 - 1
///   |---------|---------|---- ... ------|-----------|
///     owner 0   owner 1     owner n-1     owner 0 again
///
/// `owner_of` says whose each endpoint's hashes are. Entries that repeat a hash own nothing, and neighbours
/// of one owner are one arc. REQUIRES: !ring.empty().
std::vector<Arc> arcs_of(const Ring& ring, std::span<const std::uint32_t> owner_of);

/// Calls use(owner before, owner after, Wide hashes) for each run of hashes on which both stay the same, in
/// ascending order. Both cover all hashes.
template <typename Use>
void for_each_overlap(std::span<const Arc> before, std::span<const Arc> after, Use use) {
  Wide from = 0;
  for (std::size_t b = 0, a = 0; b < before.size() && a < after.size();) {
    const std::uint64_t last = before[b].last < after[a].last ? before[b].last : after[a].last;
    const Wide to = Wide{last} + 1;
    use(before[b].owner, after[a].owner, to - from);
    from = to;
    if (before[b].last == last) {
      if (after[a].last == last) ++a;
      ++b;
    } else {
      ++a;
    }
  }
}

}  // namespace junction
