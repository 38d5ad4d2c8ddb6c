#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "junction/endpoint.hpp"
#include "junction/export.hpp"
#include "junction/implementation.hpp"
#include "junction/placement.hpp"

namespace junction {

/// One side of a change: endpoints, and where they are placed. An empty placement sends each request to any
/// of them alike, as round robin does. A view.
struct ImpactSide {
  std::span<const Endpoint> endpoints;
  const Placement& placement;
  bool by_weight = true;  ///< a fair share is the weight's; false: all shares are equal (see minds_weights())
};

/// An endpoint of one side or both. One address is one endpoint, however often a list names it.
struct ImpactEndpoint {
  SocketAddress address;
  std::int64_t before = -1;  ///< its first index in the endpoints before; -1: it is not there
  std::int64_t after = -1;
  double share_before = 0;  ///< of the hash space
  double share_after = 0;
  double fair_before = 0;  ///< what its weight has coming to it
  double fair_after = 0;

  [[nodiscard]] bool stays() const { return before >= 0 && after >= 0; }
};

/// What goes from one endpoint to another: indexes into Impact::endpoints, never the same.
struct ImpactFlow {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  double share = 0;  ///< of the hash space
};

/// What a change of endpoints, sizes or client moves, over all 2^64 hashes. Shares are of the hash space.
struct Impact {
  std::vector<ImpactEndpoint> endpoints;  ///< those before, in their order, then the new ones
  std::vector<ImpactFlow> flows;          ///< the greatest first; 2^20 of them at most
  double moved = 0;                       ///< has another endpoint than before
  double ideal = 0;                       ///< what fair shares would have had to give up
  double collateral = 0;                  ///< moved between two endpoints that stay
  double imbalance_before = 0;            ///< the largest share over the mean share
  double imbalance_after = 0;
};

/// Exact: counted in 128-bit integers, without sampling; each number is the double next to its fraction, give
/// or take its last two bits. Two rings are compared arc by arc, tables of one size slot by slot; where the
/// placements have nothing to do with each other (tables of different prime sizes, a table and a ring, round
/// robin) by the shares of each pair of endpoints, p(e) q(f). REQUIRES: endpoints on both
/// sides.
[[nodiscard]] JUNCTION_EXPORT Impact impact(const ImpactSide& before, const ImpactSide& after);

/// Whether an implementation gives a heavier endpoint more, found by asking it.
[[nodiscard]] JUNCTION_EXPORT bool minds_weights(const Implementation& implementation);

/// Whether two implementations make the same hash of a request, found by asking both about requests with one
/// value, several or none for each parameter. Where they do not, a request's place in one says nothing of its
/// place in the other, and what a change from one to the other moves can only be counted on requests.
[[nodiscard]] JUNCTION_EXPORT bool hash_alike(const Implementation& one, const Implementation& other,
                                              std::span<const HashParam> params);

}  // namespace junction
