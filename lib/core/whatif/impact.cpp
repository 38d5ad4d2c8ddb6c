#include "junction/impact.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <string>
#include <utility>

#include "core/whatif/joint.hpp"
#include "core/whatif/owners.hpp"

namespace junction {
namespace {

using Index = std::int64_t ImpactEndpoint::*;
using Share = double ImpactEndpoint::*;

// As in all implementations, a weight of 0 counts as 1.
std::uint64_t weight_of(const Endpoint& endpoint, bool by_weight) {
  return by_weight ? std::max<std::uint64_t>(endpoint.weight, 1) : 1;
}

/// Enters one side's endpoints: where they are and what is fair.
void enter(const ImpactSide& side, std::span<const std::uint32_t> owner_of, Index index, Share fair,
           std::vector<ImpactEndpoint>& endpoints) {
  std::uint64_t sum = 0;
  for (const Endpoint& endpoint : side.endpoints) sum += weight_of(endpoint, side.by_weight);
  for (std::size_t i = 0; i < side.endpoints.size(); ++i) {
    ImpactEndpoint& entered = endpoints[owner_of[i]];
    entered.address = side.endpoints[i].address;
    if (entered.*index < 0) entered.*index = static_cast<std::int64_t>(i);
    entered.*fair +=
        static_cast<double>(weight_of(side.endpoints[i], side.by_weight)) / static_cast<double>(sum);
  }
}

double imbalance(const std::vector<ImpactEndpoint>& endpoints, Index index, Share share) {
  double most = 0, there = 0;
  for (const ImpactEndpoint& endpoint : endpoints) {
    if (endpoint.*index < 0) continue;
    ++there;
    most = std::max(most, endpoint.*share);
  }
  return most * there;
}

// The greatest first, equal ones by their addresses as text.
void sort_flows(Impact& impact) {
  std::vector<std::pair<std::string, std::uint32_t>> texts;
  for (const ImpactEndpoint& endpoint : impact.endpoints)
    texts.emplace_back(endpoint.address.to_string(), static_cast<std::uint32_t>(texts.size()));
  std::sort(texts.begin(), texts.end());
  std::vector<std::uint32_t> rank(texts.size());
  for (std::uint32_t i = 0; i < texts.size(); ++i) rank[texts[i].second] = i;
  std::sort(impact.flows.begin(), impact.flows.end(), [&](const ImpactFlow& a, const ImpactFlow& b) {
    return a.share != b.share ? a.share > b.share
                              : std::pair(rank[a.from], rank[a.to]) < std::pair(rank[b.from], rank[b.to]);
  });
}

void fill_in(const Joint& joint, Impact& impact) {
  for (std::size_t i = 0; i < impact.endpoints.size(); ++i) {
    impact.endpoints[i].share_before = fraction(joint.before[i], joint.whole);
    impact.endpoints[i].share_after = fraction(joint.after[i], joint.whole);
  }
  impact.moved = fraction(joint.moved, joint.whole);
  impact.collateral = fraction(joint.collateral, joint.whole);
  for (const Moved& flow : joint.flows)
    impact.flows.push_back({flow.from, flow.to, fraction(flow.count, joint.whole)});
  sort_flows(impact);
}

double given_up(const std::vector<ImpactEndpoint>& endpoints) {
  double sum = 0;
  for (const ImpactEndpoint& endpoint : endpoints)
    sum += std::max(endpoint.fair_before - endpoint.fair_after, 0.0);
  return sum;
}

}  // namespace

Impact impact(const ImpactSide& before, const ImpactSide& after) {
  assert(!before.endpoints.empty() && !after.endpoints.empty());
  Owners owners;
  const std::vector<std::uint32_t> owner_before = owners.add(before.endpoints);
  const std::vector<std::uint32_t> owner_after = owners.add(after.endpoints);
  Impact result;
  result.endpoints.resize(owners.count());
  enter(before, owner_before, &ImpactEndpoint::before, &ImpactEndpoint::fair_before, result.endpoints);
  enter(after, owner_after, &ImpactEndpoint::after, &ImpactEndpoint::fair_after, result.endpoints);
  result.ideal = given_up(result.endpoints);
  fill_in(join({before.placement, owner_before}, {after.placement, owner_after}, owners.count()), result);
  result.imbalance_before =
      imbalance(result.endpoints, &ImpactEndpoint::before, &ImpactEndpoint::share_before);
  result.imbalance_after = imbalance(result.endpoints, &ImpactEndpoint::after, &ImpactEndpoint::share_after);
  return result;
}

// One endpoint of two with three times the weight: either it gets about three times as much, or as much.
bool minds_weights(const Implementation& implementation) {
  std::array<Endpoint, 2> endpoints;
  endpoints[0].address.port = 1;
  endpoints[1].address.port = 2;
  endpoints[1].weight = 3;
  const std::vector<std::size_t> counts =
      implementation.place(endpoints, {.min_ring_size = 64, .table_size = 251}).counts(2);
  return counts[1] > 2 * counts[0];
}

}  // namespace junction
