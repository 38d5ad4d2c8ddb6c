#include "core/whatif/joint.hpp"

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <utility>

#include "core/whatif/arcs.hpp"

namespace junction {
namespace {

/// Which owners are there on both sides.
std::vector<bool> who_stays(const Side& before, const Side& after, std::size_t owners) {
  std::vector<bool> was(owners), stays(owners);
  for (const std::uint32_t owner : before.owner_of) was[owner] = true;
  for (const std::uint32_t owner : after.owner_of) stays[owner] = was[owner];
  return stays;
}

/// Adds up overlaps, in whatever order they come.
class Adder {
 public:
  Adder(Joint& joint, const std::vector<bool>& stays, Flows flows)
      : joint_(joint), stays_(stays), flows_(flows) {}

  void operator()(std::uint32_t from, std::uint32_t to, Wide count) {
    joint_.before[from] += count;
    joint_.after[to] += count;
    if (from == to) return;
    joint_.moved += count;
    if (stays_[from] && stays_[to]) joint_.collateral += count;
    if (flows_ == Flows::wanted) between_[std::uint64_t{from} << 32 | to] += count;
  }

  void finish() {
    joint_.flows.reserve(between_.size());
    for (const auto& [pair, count] : between_)
      joint_.flows.push_back(
          {static_cast<std::uint32_t>(pair >> 32), static_cast<std::uint32_t>(pair), count});
  }

 private:
  Joint& joint_;
  const std::vector<bool>& stays_;
  Flows flows_;
  std::unordered_map<std::uint64_t, Wide> between_;
};

/// How many of `whole` parts each owner has, all placements alike.
struct Distribution {
  Wide whole = 0;
  std::vector<Wide> parts;
};

Distribution distribution(const Side& side, std::size_t owners) {
  Distribution result{0, std::vector<Wide>(owners)};
  if (const Ring* const ring = side.placement.ring()) {
    Wide from = 0;
    for (const Arc& arc : arcs_of(*ring, side.owner_of)) {
      const Wide to = Wide{arc.last} + 1;
      result.parts[arc.owner] += to - from;
      from = to;
    }
    result.whole = hash_space;
  } else if (const std::vector<std::uint32_t>* const table = side.placement.table()) {
    for (const std::uint32_t endpoint : *table) ++result.parts[side.owner_of[endpoint]];
    result.whole = table->size();
  } else {
    for (const std::uint32_t owner : side.owner_of) ++result.parts[owner];
    result.whole = side.owner_of.size();
  }
  return result;
}

void keep_greatest(std::vector<Moved>& flows) {
  if (flows.size() <= most_flows) return;
  const auto middle = flows.begin() + static_cast<std::ptrdiff_t>(most_flows);
  std::nth_element(flows.begin(), middle, flows.end(),
                   [](const Moved& a, const Moved& b) { return a.count > b.count; });
  flows.erase(middle, flows.end());
}

void join_shares(const Distribution& p, const Distribution& q, const std::vector<bool>& stays, Flows flows,
                 Joint& joint) {
  const auto owners = static_cast<std::uint32_t>(stays.size());
  Wide p_stays = 0, q_stays = 0;
  joint.whole = joint.moved = p.whole * q.whole;
  for (std::uint32_t from = 0; from < owners; ++from) {
    const Wide kept = p.parts[from] * q.parts[from];
    joint.before[from] = p.parts[from] * q.whole;
    joint.after[from] = q.parts[from] * p.whole;
    joint.moved -= kept;
    if (stays[from]) {
      p_stays += p.parts[from];
      q_stays += q.parts[from];
      joint.collateral -= kept;
    }
    if (flows == Flows::unwanted || p.parts[from] == 0) continue;
    for (std::uint32_t to = 0; to < owners; ++to)
      if (from != to && q.parts[to] != 0) joint.flows.push_back({from, to, p.parts[from] * q.parts[to]});
    if (joint.flows.size() > 2 * most_flows) keep_greatest(joint.flows);
  }
  joint.collateral += p_stays * q_stays;
}

}  // namespace

Joint join(const Side& before, const Side& after, std::size_t owners, Flows flows) {
  Joint joint{.before = std::vector<Wide>(owners), .after = std::vector<Wide>(owners)};
  const std::vector<bool> stays = who_stays(before, after, owners);
  const Ring* const ring = before.placement.ring();
  const Ring* const other_ring = after.placement.ring();
  const std::vector<std::uint32_t>* const table = before.placement.table();
  const std::vector<std::uint32_t>* const other_table = after.placement.table();
  if (ring && other_ring) {
    joint.whole = hash_space;
    Adder adder(joint, stays, flows);
    for_each_overlap(arcs_of(*ring, before.owner_of), arcs_of(*other_ring, after.owner_of), std::ref(adder));
    adder.finish();
  } else if (table && other_table && table->size() == other_table->size()) {
    joint.whole = table->size();
    Adder adder(joint, stays, flows);
    for (std::size_t slot = 0; slot < table->size(); ++slot)
      adder(before.owner_of[(*table)[slot]], after.owner_of[(*other_table)[slot]], 1);
    adder.finish();
  } else {
    join_shares(distribution(before, owners), distribution(after, owners), stays, flows, joint);
  }
  keep_greatest(joint.flows);
  return joint;
}

}  // namespace junction
