#include "core/bulk/endpoint_lookup.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "core/balance/clones.hpp"

namespace junction {

EndpointLookup::EndpointLookup(Placement placement, std::size_t endpoints)
    : placement_(std::move(placement)), id_bits_(static_cast<int>(std::bit_width(endpoints))) {
  constexpr int most_id_bits = 12;  // leaves eight for the split
  constexpr std::size_t largest_ring = std::size_t{1}
                                       << 20;  // beyond it cells do not stay in the cache either
  const Ring* const ring = placement_.ring();
  if (ring && ring->order() == RingOrder::unsigned_circle && ring->size() <= largest_ring &&
      id_bits_ <= most_id_bits)
    make_cells(*ring);
}

void EndpointLookup::make_cells(const Ring& ring) {
  // Eight cells an entry while that is little, and two to four in any case.
  constexpr int cheap = 14;
  const int entry_bits = static_cast<int>(std::bit_width(ring.size()));
  const int cell_bits = std::max(entry_bits + 1, std::min(entry_bits + 3, cheap));
  const int split_bits = 32 - 2 * id_bits_;
  cell_shift_ = 64 - cell_bits;
  cells_.assign(std::size_t{1} << cell_bits, ~std::uint32_t{0});
  const auto all = ring.entries();
  std::size_t next = 0;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    const std::size_t first = next;
    while (next < all.size() && all[next].hash >> cell_shift_ == i) ++next;
    if (next - first > 1) continue;
    const std::uint32_t above = all[next == all.size() ? 0 : next].endpoint;
    const std::uint32_t below = next == first ? above : all[first].endpoint;
    const std::uint64_t split = next == first ? 0 : all[first].hash << cell_bits >> (64 - split_bits);
    cells_[i] = static_cast<std::uint32_t>(split) << (2 * id_bits_) | below << id_bits_ | above;
  }
}

std::uint32_t EndpointLookup::ask_placement(std::uint64_t hash) const {
  return placement_.endpoint(placement_.find(hash));
}

JUNCTION_CLONES void EndpointLookup::operator()(std::span<const std::uint64_t> hashes,
                                                std::uint32_t* to) const {
  if (cells_.empty()) return placement_.endpoints(hashes, {to, hashes.size()});
  const std::uint32_t* const cells = cells_.data();
  const int cell_shift = cell_shift_, id_bits = id_bits_, split_bits = 32 - 2 * id_bits_;
  const std::uint32_t ask = (1U << id_bits) - 1;
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    const std::uint64_t hash = hashes[i];
    const std::uint32_t cell = cells[hash >> cell_shift];
    const std::uint64_t rest = hash << (64 - cell_shift) >> (64 - split_bits);
    const std::uint64_t split = cell >> (2 * id_bits);
    std::uint32_t endpoint = (rest < split ? cell >> id_bits : cell) & ask;
    if (endpoint == ask || rest == split) [[unlikely]]  // equal so far: the bits that were cut off decide
      endpoint = ask_placement(hash);
    to[i] = endpoint;
  }
}

}  // namespace junction
