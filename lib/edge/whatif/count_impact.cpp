#include <algorithm>
#include <utility>

#include "core/whatif/owners.hpp"
#include "core/whatif/pairs.hpp"
#include "junction/impact.hpp"
#include "junction/impact_counts.hpp"
#include "junction/try.hpp"

namespace junction {
namespace {

// An endpoint of a balancer takes some hundred bytes.
constexpr std::size_t most_pairs = std::size_t{1} << 20;

ImpactCounts counts_of(const BulkSummary& summary, const PairPlacement& laid) {
  ImpactCounts counts{.requests = summary.requests,
                      .keys = summary.distinct_keys,
                      .keys_exact = summary.distinct_exact,
                      .skipped = summary.skipped,
                      .stopped = summary.stopped};
  if (const std::uint64_t nowhere = summary.random + summary.unknown; nowhere > 0)
    counts.pairs.push_back({.requests = nowhere});
  for (std::size_t i = 0; i < laid.pairs.size(); ++i)
    if (summary.endpoints[i].requests > 0)
      counts.pairs.push_back({laid.pairs[i].first, laid.pairs[i].second, summary.endpoints[i].keys,
                              summary.endpoints[i].requests});
  std::sort(counts.pairs.begin(), counts.pairs.end(), [](const ImpactPair& a, const ImpactPair& b) {
    return std::pair(a.from, a.to) < std::pair(b.from, b.to);
  });
  return counts;
}

}  // namespace

bool counts_in_bulk(const Balancer& before, const Balancer& after) {
  const BalancerState a = before.state(), b = after.state();
  if (!a.policy.hashes() || !b.policy.hashes() || a.policy.hash_params != b.policy.hash_params) return false;
  const bool rings = a.placement.ring() && b.placement.ring();
  const bool tables = a.placement.table() && b.placement.table() && a.placement.size() == b.placement.size();
  return (rings || tables) &&
         hash_alike(before.implementation(), after.implementation(), a.policy.hash_params);
}

Result<ImpactCounts> count_impact(const Balancer& before, const Balancer& after,
                                  const std::vector<std::string>& paths, const BulkOptions& options) {
  const BalancerState a = before.state(), b = after.state();
  Owners owners;
  const std::vector<std::uint32_t> owner_a = owners.add(a.endpoints), owner_b = owners.add(b.endpoints);
  const auto laid = lay_over({a.placement, owner_a}, {b.placement, owner_b});
  if (!laid || laid->pairs.size() > most_pairs)
    return Error{ErrorKind::unsupported,
                 "there are too many endpoints to count requests between each two of them: leave them out"};
  const PairImplementation implementation(before.implementation(), *laid);
  Balancer pairs(implementation);
  pairs.update(std::vector<Endpoint>(laid->pairs.size()), a.policy);
  JUNCTION_TRY_ASSIGN(const BulkSummary summary, summarize_requests(pairs, paths, options));
  return counts_of(summary, *laid);
}

}  // namespace junction
