#include "junction/scaling.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "core/whatif/joint.hpp"
#include "core/whatif/owners.hpp"

namespace junction {

Scaling::Scaling(std::vector<Endpoint> known, std::size_t count, std::size_t most, std::uint64_t seed)
    : known_(std::move(known)), count_(count), seed_(seed) {
  assert(!known_.empty() && count > 0 && most > 0);
  if (count_ > known_.size()) {
    kind_ = Kind::drawn_addresses;
    outcomes_ = most;
  } else if (count_ < known_.size()) {
    const std::size_t go = known_.size() - count_;
    if (auto order = stateful_order(known_)) {
      order->resize(go);
      std::sort(order->begin(), order->end());
      gone_ = {std::move(*order)};
    } else {
      gone_ = choose_sets(go, known_.size(), most, seed);
      kind_ = all_sets(go, known_.size(), most) ? Kind::every_choice : Kind::drawn_choices;
    }
    outcomes_ = gone_.size();
  }
}

std::vector<Endpoint> Scaling::outcome(std::size_t number) const {
  assert(number < outcomes_);
  if (gone_.empty()) {
    std::vector<Endpoint> endpoints = known_;
    if (kind_ != Kind::drawn_addresses) return endpoints;
    const std::vector<Endpoint> drawn = draw_endpoints(known_, count_ - known_.size(), seed_, number);
    endpoints.insert(endpoints.end(), drawn.begin(), drawn.end());
    return endpoints;
  }
  const std::vector<std::uint32_t>& gone = gone_[number];
  std::vector<Endpoint> endpoints;
  for (std::uint32_t i = 0; i < known_.size(); ++i)
    if (!std::binary_search(gone.begin(), gone.end(), i)) endpoints.push_back(known_[i]);
  return endpoints;
}

std::string_view scaling_name(Scaling::Kind kind) {
  switch (kind) {
    case Scaling::Kind::known:
      return "known";
    case Scaling::Kind::every_choice:
      return "every_choice";
    case Scaling::Kind::drawn_choices:
      return "drawn_choices";
    case Scaling::Kind::drawn_addresses:
      break;
  }
  return "drawn_addresses";
}

ScalingImpact scaling_impact(const ImpactSide& before, const Scaling& scaling,
                             const Implementation& implementation, const PlacementOptions& placement) {
  std::vector<double> moved, collateral, imbalance;
  for (std::size_t i = 0; i < scaling.outcomes(); ++i) {
    const std::vector<Endpoint> endpoints = scaling.outcome(i);
    const Placement after =
        before.placement.empty() ? Placement() : implementation.place(endpoints, placement);
    Owners owners;
    const std::vector<std::uint32_t> owner_before = owners.add(before.endpoints);
    const std::vector<std::uint32_t> owner_after = owners.add(endpoints);
    const Joint joint =
        join({before.placement, owner_before}, {after, owner_after}, owners.count(), Flows::unwanted);
    moved.push_back(fraction(joint.moved, joint.whole));
    collateral.push_back(fraction(joint.collateral, joint.whole));
    imbalance.push_back(fraction(*std::max_element(joint.after.begin(), joint.after.end()), joint.whole) *
                        static_cast<double>(endpoints.size()));
  }
  ScalingImpact result{
      .moved = spread_of(moved), .collateral = spread_of(collateral), .imbalance = spread_of(imbalance)};
  const auto median = std::find(moved.begin(), moved.end(), result.moved.median);
  result.median = static_cast<std::size_t>(median - moved.begin());
  return result;
}

}  // namespace junction
