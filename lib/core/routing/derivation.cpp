#include "junction/derivation.hpp"

namespace junction {
namespace {

// The ends of an entry's arc. A circle's first arc begins behind the last entry; on a signed line, the first
// begins at the lowest number and the last runs on to the highest.
void set_arc(EntryStep& step, const Ring& ring) {
  const auto entries = ring.entries();
  const bool line = ring.order() == RingOrder::signed_line;
  constexpr std::uint64_t highest_signed = (std::uint64_t{1} << 63) - 1;
  const bool first = step.index == 0;
  const bool last = step.index + 1 == entries.size();
  step.arc_after = !first ? entries[step.index - 1].hash : line ? highest_signed : entries.back().hash;
  step.arc_to = line && last ? highest_signed : step.entry.hash;
  // Unsigned wrap-around measures arcs that run through zero, too.
  step.arc_share =
      step.arc_after == step.arc_to ? 1.0 : static_cast<double>(step.arc_to - step.arc_after) * 0x1p-64;
}

bool is_beyond(std::uint64_t hash, const Ring& ring) {
  const std::uint64_t last = ring.entries().back().hash;
  return ring.order() == RingOrder::signed_line
             ? static_cast<std::int64_t>(hash) > static_cast<std::int64_t>(last)
             : hash > last;
}

EntryStep entry_step(std::size_t index, std::uint64_t hash, const BalancerState& state,
                     const Implementation& implementation, const PlacementOptions& options) {
  const Ring& ring = *state.placement.ring();
  EntryStep step{.index = index, .ring_size = ring.size(), .entry = ring.entries()[index]};
  const Endpoint& endpoint = state.endpoints[step.entry.endpoint];
  step.bytes = implementation.entry_bytes(endpoint, step.entry.replica, options);
  step.address = endpoint.address.to_string();
  step.pod = endpoint.pod;
  step.beyond = is_beyond(hash, ring);
  set_arc(step, ring);
  return step;
}

SlotStep slot_step(std::size_t slot, const BalancerState& state) {
  const Endpoint& endpoint = state.endpoints[state.placement.endpoint(slot)];
  return {slot, state.placement.size(), endpoint.address.to_string(), endpoint.pod};
}

}  // namespace

Derivation derive(const Explanation& explanation, const BalancerState& state,
                  const Implementation& implementation, const PlacementOptions& options, bool hash_given) {
  Derivation steps(explanation.steps.begin(), explanation.steps.end());
  if (explanation.pick.hash) steps.emplace_back(HashedStep{*explanation.pick.hash, hash_given});
  if (!explanation.entry)
    steps.emplace_back(UnplacedStep{explanation.pick.reason});
  else if (state.placement.ring())
    steps.emplace_back(
        entry_step(*explanation.entry, *explanation.pick.hash, state, implementation, options));
  else
    steps.emplace_back(slot_step(*explanation.entry, state));
  return steps;
}

}  // namespace junction
