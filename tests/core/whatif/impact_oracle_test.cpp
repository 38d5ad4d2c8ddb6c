// A second, naive way to the same numbers: ask the placement itself about each run of hashes between two
// entries, or about each hash of two tables' common period.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "core/whatif/joint.hpp"
#include "core/whatif/owners.hpp"
#include "junction/implementation.hpp"

namespace junction {
namespace {

using Counts = std::map<std::pair<std::uint32_t, std::uint32_t>, Wide>;

Counts rings_asked(const Side& before, const Side& after) {
  std::set<std::uint64_t> lasts{~std::uint64_t{0},
                                ~std::uint64_t{0} >> 1};  // a signed line ends in the middle
  for (const Side* side : {&before, &after})
    for (const RingEntry& entry : side->placement.ring()->entries()) lasts.insert(entry.hash);
  Counts counts;
  Wide from = 0;
  for (const std::uint64_t last : lasts) {
    const std::uint32_t was = before.owner_of[before.placement.endpoint(before.placement.find(last))];
    const std::uint32_t is = after.owner_of[after.placement.endpoint(after.placement.find(last))];
    counts[{was, is}] += Wide{last} + 1 - from;
    from = Wide{last} + 1;
  }
  return counts;
}

Counts tables_asked(const Side& before, const Side& after, std::uint64_t period) {
  Counts counts;
  for (std::uint64_t hash = 0; hash < period; ++hash)
    ++counts[{before.owner_of[before.placement.endpoint(before.placement.find(hash))],
              after.owner_of[after.placement.endpoint(after.placement.find(hash))]}];
  return counts;
}

void check_joint(const Joint& joint, const Counts& counts, std::set<std::uint32_t> stay) {
  Wide moved = 0, collateral = 0;
  std::vector<Wide> before(joint.before.size()), after(joint.after.size());
  Counts flows;
  for (const auto& [pair, count] : counts) {
    before[pair.first] += count;
    after[pair.second] += count;
    if (pair.first == pair.second) continue;
    flows.emplace(pair, count);
    moved += count;
    if (stay.contains(pair.first) && stay.contains(pair.second)) collateral += count;
  }
  CHECK(bool(joint.moved == moved));
  CHECK(bool(joint.collateral == collateral));
  CHECK(bool(joint.before == before));
  CHECK(bool(joint.after == after));
  Counts found;
  for (const Moved& flow : joint.flows) found[{flow.from, flow.to}] += flow.count;
  CHECK(bool(found == flows));
  CHECK(joint.flows.size() == flows.size());
}

/// Endpoints out of a small world, so that both sides have some in common and lists name some twice.
std::vector<Endpoint> random_endpoints(std::mt19937_64& random) {
  std::vector<Endpoint> endpoints(1 + random() % 7);
  for (Endpoint& endpoint : endpoints) {
    endpoint.address.ip = {10, 0, 0, static_cast<std::uint8_t>(random() % 12)};
    endpoint.address.port = 80;
    endpoint.weight = static_cast<std::uint32_t>(1 + random() % 3);
  }
  return endpoints;
}

std::set<std::uint32_t> common(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
  std::set<std::uint32_t> common;
  for (const std::uint32_t owner : a)
    if (std::find(b.begin(), b.end(), owner) != b.end()) common.insert(owner);
  return common;
}

}  // namespace

TEST_CASE("1,000 random small rings, any client's against any other's, to the last hash") {
  std::vector<const Implementation*> rings;
  for (const Implementation* implementation : implementations())
    if (implementation->name() != "maglev") rings.push_back(implementation);
  std::mt19937_64 random(17);
  for (int round = 0; round < 1000; ++round) {
    CAPTURE(round);
    const std::vector<Endpoint> a = random_endpoints(random), b = random_endpoints(random);
    const PlacementOptions sizes_a{.min_ring_size = static_cast<std::uint32_t>(1 + random() % 40)};
    const PlacementOptions sizes_b{.min_ring_size = static_cast<std::uint32_t>(1 + random() % 40)};
    const Placement before = rings[random() % rings.size()]->place(a, sizes_a);
    const Placement after = rings[random() % rings.size()]->place(b, sizes_b);
    Owners owners;
    const auto owner_a = owners.add(a), owner_b = owners.add(b);
    const Joint joint = join({before, owner_a}, {after, owner_b}, owners.count());
    CHECK(bool(joint.whole == hash_space));
    check_joint(joint, rings_asked({before, owner_a}, {after, owner_b}), common(owner_a, owner_b));
  }
}

TEST_CASE("random tables, of one size and of two, over their whole common period") {
  const Implementation& maglev = *find_implementation("maglev");
  std::mt19937_64 random(18);
  for (int round = 0; round < 200; ++round) {
    CAPTURE(round);
    constexpr std::array<std::uint64_t, 4> primes{7, 13, 31, 61};
    const std::uint64_t size_a = primes[random() % 4], size_b = primes[random() % 4];
    const std::vector<Endpoint> a = random_endpoints(random), b = random_endpoints(random);
    const Placement before = maglev.place(a, {.table_size = size_a});
    const Placement after = maglev.place(b, {.table_size = size_b});
    Owners owners;
    const auto owner_a = owners.add(a), owner_b = owners.add(b);
    const Joint joint = join({before, owner_a}, {after, owner_b}, owners.count());
    const std::uint64_t period = size_a == size_b ? size_a : size_a * size_b;
    CHECK(bool(joint.whole == period));
    check_joint(joint, tables_asked({before, owner_a}, {after, owner_b}, period), common(owner_a, owner_b));
  }
}

TEST_CASE("rings whose entries share hashes or lie at both ends") {
  constexpr std::uint64_t top = ~std::uint64_t{0}, half = std::uint64_t{1} << 63;
  const std::vector<std::vector<RingEntry>> entries{
      {{0, 0, 0}},
      {{top, 1, 0}},
      {{0, 0, 0}, {top, 1, 0}},
      {{5, 1, 0}, {5, 0, 0}, {5, 2, 0}},
      {{half, 0, 0}, {half - 1, 1, 0}, {half + 1, 2, 0}},
      {{1, 0, 0}, {2, 1, 0}, {half + 2, 2, 0}},
      {{half, 2, 0}, {top, 1, 0}, {top, 0, 0}},
  };
  const std::vector<std::uint32_t> owner_of{0, 1, 2};
  for (std::size_t a = 0; a < entries.size(); ++a) {
    for (std::size_t b = 0; b < entries.size(); ++b) {
      for (const RingOrder order : {RingOrder::unsigned_circle, RingOrder::signed_line}) {
        CAPTURE(a);
        CAPTURE(b);
        CAPTURE(static_cast<int>(order));
        const Placement before{Ring(entries[a], order)}, after{Ring(entries[b])};
        check_joint(join({before, owner_of}, {after, owner_of}, 3),
                    rings_asked({before, owner_of}, {after, owner_of}), {0, 1, 2});
      }
    }
  }
}

TEST_CASE("a table beside a ring is compared by shares, which asking hash by hash bears out") {
  const std::vector<std::uint32_t> owner_of{0, 1};
  const Placement table(std::vector<std::uint32_t>{0, 1, 1});
  const Placement ring{Ring({{(std::uint64_t{1} << 62) - 1, 0, 0}, {~std::uint64_t{0}, 1, 0}})};
  const Joint joint = join({table, owner_of}, {ring, owner_of}, 2);
  CHECK(fraction(joint.moved, joint.whole) == doctest::Approx(0.25 + 1.0 / 6));  // 1/3 of 3/4, 2/3 of 1/4
  std::mt19937_64 random(19);
  int moved = 0;
  constexpr int asked = 100000;
  for (int i = 0; i < asked; ++i) {
    const std::uint64_t hash = random();
    moved += table.endpoint(table.find(hash)) != ring.endpoint(ring.find(hash));
  }
  CHECK(static_cast<double>(moved) / asked ==
        doctest::Approx(fraction(joint.moved, joint.whole)).epsilon(0.02));
}

}  // namespace junction
