#include "core/whatif/pairs.hpp"

#include <unordered_map>

#include "core/whatif/arcs.hpp"

namespace junction {
namespace {

/// Numbers for pairs, from 0 in the order they are met.
class PairNumbers {
 public:
  explicit PairNumbers(PairPlacement& laid) : laid_(laid) {}

  std::uint32_t operator()(std::uint32_t from, std::uint32_t to) {
    const auto next = static_cast<std::uint32_t>(laid_.pairs.size());
    const auto [known, fresh] = numbers_.try_emplace(std::uint64_t{from} << 32 | to, next);
    if (fresh) laid_.pairs.emplace_back(from, to);
    return known->second;
  }

 private:
  PairPlacement& laid_;
  std::unordered_map<std::uint64_t, std::uint32_t> numbers_;
};

}  // namespace

std::optional<PairPlacement> lay_over(const Side& before, const Side& after) {
  PairPlacement laid;
  PairNumbers number(laid);
  if (before.placement.ring() && after.placement.ring()) {
    std::vector<RingEntry> entries;
    Wide end = 0;
    for_each_overlap(arcs_of(*before.placement.ring(), before.owner_of),
                     arcs_of(*after.placement.ring(), after.owner_of),
                     [&](std::uint32_t from, std::uint32_t to, Wide hashes) {
                       end += hashes;
                       entries.push_back({static_cast<std::uint64_t>(end - 1), number(from, to), 0});
                     });
    laid.placement = Placement(Ring(std::move(entries)));
    return laid;
  }
  const std::vector<std::uint32_t>* const table = before.placement.table();
  const std::vector<std::uint32_t>* const other = after.placement.table();
  if (!table || !other || table->size() != other->size()) return std::nullopt;
  std::vector<std::uint32_t> slots;
  slots.reserve(table->size());
  for (std::size_t slot = 0; slot < table->size(); ++slot)
    slots.push_back(number(before.owner_of[(*table)[slot]], after.owner_of[(*other)[slot]]));
  laid.placement = Placement(std::move(slots));
  return laid;
}

Placement PairImplementation::place(std::span<const Endpoint>, const PlacementOptions&) const {
  return pairs_.placement;
}

Result<void> PairImplementation::check(std::span<const Endpoint>, const PlacementOptions&) const {
  return {};
}

std::string PairImplementation::entry_bytes(const Endpoint& endpoint, std::uint32_t replica,
                                            const PlacementOptions& options) const {
  return base_.entry_bytes(endpoint, replica, options);
}

std::optional<std::uint64_t> PairImplementation::hash(const Request& request,
                                                      std::span<const HashParam> params,
                                                      std::vector<HashStep>* steps) const {
  return base_.hash(request, params, steps);
}

bool PairImplementation::hashes_bare_values(std::span<const HashParam> params) const {
  return base_.hashes_bare_values(params);
}

}  // namespace junction
