#include "core/whatif/arcs.hpp"

#include <cassert>

namespace junction {
namespace {

constexpr std::uint64_t highest = ~std::uint64_t{0};
constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;

void add(std::vector<Arc>& arcs, std::uint64_t last, std::uint32_t owner) {
  if (!arcs.empty() && arcs.back().last == last) return;  // the first entry at a hash has it
  if (!arcs.empty() && arcs.back().owner == owner)
    arcs.back().last = last;
  else
    arcs.push_back({last, owner});
}

}  // namespace

std::vector<Arc> arcs_of(const Ring& ring, std::span<const std::uint32_t> owner_of) {
  assert(!ring.empty());
  const std::span<const RingEntry> entries = ring.entries();
  std::vector<Arc> arcs;
  arcs.reserve(entries.size() + 2);
  if (ring.order() == RingOrder::unsigned_circle) {
    for (const RingEntry& entry : entries) add(arcs, entry.hash, owner_of[entry.endpoint]);
    add(arcs, highest, owner_of[entries.front().endpoint]);
    return arcs;
  }
  // A line of signed numbers: its upper half, from zero, is the lower half of the unsigned ones. The arc over
  // its middle is cut in two; the last entry has what lies beyond it.
  const auto is_negative = [](const RingEntry& entry) { return (entry.hash & sign_bit) != 0; };
  std::size_t first = 0;
  while (first < entries.size() && is_negative(entries[first])) ++first;
  for (std::size_t i = first; i < entries.size(); ++i)
    add(arcs, entries[i].hash, owner_of[entries[i].endpoint]);
  add(arcs, sign_bit - 1, owner_of[entries.back().endpoint]);
  for (std::size_t i = 0; i < first; ++i) add(arcs, entries[i].hash, owner_of[entries[i].endpoint]);
  add(arcs, highest, owner_of[entries[first < entries.size() ? first : first - 1].endpoint]);
  return arcs;
}

}  // namespace junction
