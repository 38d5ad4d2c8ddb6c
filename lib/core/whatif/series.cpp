#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

#include "core/whatif/joint.hpp"
#include "core/whatif/owners.hpp"
#include "junction/impact.hpp"
#include "junction/impact_series.hpp"

namespace junction {
namespace {

constexpr std::uint64_t ceil_div(std::uint64_t a, std::uint64_t b) {
  return (a + b - 1) / b;
}

/// The endpoints of one draw, in the order they come; they go in the opposite one.
std::vector<Endpoint> drawn_world(const SeriesPlan& plan, std::size_t draw) {
  std::vector<std::uint32_t> order = draw_order(plan.known.size(), plan.seed, draw);
  if (auto stateful = stateful_order(plan.known)) {
    order = std::move(*stateful);
    std::reverse(order.begin(), order.end());
  }
  std::vector<Endpoint> world;
  for (const std::uint32_t endpoint : order) world.push_back(plan.known[endpoint]);
  if (plan.last > world.size()) {
    const auto drawn = draw_endpoints(plan.known, plan.last - world.size(), plan.seed, draw);
    world.insert(world.end(), drawn.begin(), drawn.end());
  }
  return world;
}

double peak(const std::vector<Wide>& counts, Wide whole, std::size_t endpoints) {
  const Wide most = *std::max_element(counts.begin(), counts.end());
  return fraction(most, whole) * static_cast<double>(endpoints);
}

double ideal_of(std::span<const Endpoint> world, bool by_weight) {
  double sum = 0;
  const auto weight = [&](const Endpoint& e) { return by_weight ? std::max(e.weight, 1U) : 1U; };
  for (const Endpoint& endpoint : world) sum += weight(endpoint);
  return weight(world.back()) / sum;
}

/// What the draws of one step gave.
struct Samples {
  double ideal = 0;
  std::vector<double> moved, collateral, imbalance;
  std::optional<SparingSizes> sparing;
};

/// Walks up one draw's world.
class Climb {
 public:
  Climb(const SeriesPlan& plan, std::vector<Endpoint> world) : plan_(plan), world_(std::move(world)) {
    Owners owners;
    owner_of_ = owners.add(world_);
    owners_ = owners.count();
  }

  [[nodiscard]] Placement place(std::size_t endpoints, const PlacementOptions& options) const {
    return plan_.implementation->place(std::span(world_).first(endpoints), options);
  }

  [[nodiscard]] Joint step(std::size_t from, const Placement& before, const Placement& after) const {
    const std::span<const std::uint32_t> owner_of = owner_of_;
    return join({before, owner_of.first(from)}, {after, owner_of.first(from + 1)}, owners_, Flows::unwanted);
  }

  [[nodiscard]] bool spares(std::size_t from, std::uint64_t size) const {
    PlacementOptions options = plan_.placement;
    options.min_ring_size = static_cast<std::uint32_t>(size);
    return step(from, place(from, options), place(from + 1, options)).collateral == 0;
  }

  [[nodiscard]] const std::vector<Endpoint>& world() const { return world_; }

 private:
  const SeriesPlan& plan_;
  std::vector<Endpoint> world_;
  std::vector<std::uint32_t> owner_of_;
  std::size_t owners_ = 0;
};

// Which sizes spare the endpoints that stay: the formula's answer, given only where it holds.
std::optional<SparingSizes> tried(const Climb& climb, std::size_t from, const Placement& placement,
                                  std::uint64_t size) {
  if (!placement.ring()) return std::nullopt;
  const SparingSizes sizes = sparing_ring_sizes(from, from + 1, size);
  if (from == 1 || climb.spares(from, sizes.to)) return sizes;
  return std::nullopt;
}

/// All steps of one draw.
void climb_up(const SeriesPlan& plan, std::size_t draw, bool by_weight, std::vector<Samples>& samples,
              std::vector<double>& first_imbalance) {
  const Climb climb(plan, drawn_world(plan, draw));
  Placement before = climb.place(plan.first, plan.placement);
  for (std::size_t from = plan.first; from < plan.last; ++from) {
    Placement after = climb.place(from + 1, plan.placement);
    const Joint joint = climb.step(from, before, after);
    Samples& step = samples[from - plan.first];
    if (draw == 0) {
      step.ideal = ideal_of(std::span(climb.world()).first(from + 1), by_weight);
      step.sparing = tried(climb, from, after, plan.placement.min_ring_size);
    } else if (step.sparing && from > 1 && draw < 3 && !climb.spares(from, step.sparing->to)) {
      step.sparing.reset();
    }
    if (from == plan.first) first_imbalance.push_back(peak(joint.before, joint.whole, from));
    step.moved.push_back(fraction(joint.moved, joint.whole));
    step.collateral.push_back(fraction(joint.collateral, joint.whole));
    step.imbalance.push_back(peak(joint.after, joint.whole, from + 1));
    before = std::move(after);
  }
}

}  // namespace

Series impact_series(const SeriesPlan& plan) {
  assert(!plan.known.empty() && 0 < plan.first && plan.first < plan.last && plan.draws > 0);
  const bool by_weight = minds_weights(*plan.implementation);
  std::vector<Samples> samples(plan.last - plan.first);
  std::vector<double> first_imbalance;
  Series series;
  while (series.draws < plan.draws && (series.draws == 0 || !plan.stop || !plan.stop()))
    climb_up(plan, series.draws++, by_weight, samples, first_imbalance);
  series.imbalance = spread_of(std::move(first_imbalance));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    Samples& step = samples[i];
    series.steps.push_back({.from = plan.first + i,
                            .ideal = step.ideal,
                            .moved = spread_of(std::move(step.moved)),
                            .collateral = spread_of(std::move(step.collateral)),
                            .imbalance = spread_of(std::move(step.imbalance)),
                            .sparing = step.sparing});
  }
  return series;
}

// With r entries each for both, (r - 1) * more < size <= r * fewer; there are such sizes as long as r is
// small enough.
SparingSizes sparing_ring_sizes(std::uint64_t fewer, std::uint64_t more, std::uint64_t size) {
  assert(0 < fewer && fewer <= more);
  if (fewer == more) return {size, size};
  if (fewer == 1) return {1, std::numeric_limits<std::uint32_t>::max()};  // there is no other to move to
  const std::uint64_t most = std::max<std::uint64_t>((more - 1) / (more - fewer), 1);
  const std::uint64_t entries = std::clamp<std::uint64_t>(ceil_div(size, fewer), 1, most);
  return {(entries - 1) * more + 1, entries * fewer};
}

}  // namespace junction
