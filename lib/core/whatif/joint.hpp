#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/whatif/wide.hpp"
#include "junction/placement.hpp"

namespace junction {

/// What one endpoint has before and another after.
struct Moved {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  Wide count = 0;
};

/// One side of a comparison. `owner_of` says for each of the endpoints that were placed who it is: numbers
/// below the count of all owners, the same on both sides for the same one. An empty placement sends each
/// request to any of them alike, as round robin does.
struct Side {
  const Placement& placement;
  std::span<const std::uint32_t> owner_of;
};

/// Who has what before and after, exactly: counts of `whole` equal parts of the hash space.
struct Joint {
  Wide whole = 1;
  std::vector<Wide> before;  ///< of each owner
  std::vector<Wide> after;
  Wide moved = 0;            ///< has another owner after than before
  Wide collateral = 0;       ///< moved between two owners that are there on both sides
  std::vector<Moved> flows;  ///< what moved, by owner before and after, in no order
};

/// How many flows a Joint keeps at most, the greatest; `moved` is always the sum of all.
inline constexpr std::size_t most_flows = std::size_t{1} << 20;

enum class Flows : std::uint8_t { wanted, unwanted };

/// Compares two placements over the whole hash space. Two rings: by a walk along the arcs of both. Two tables
/// of the same size: slot by slot. All else: by the shares alone, p(e) q(f) for each pair, as a hash's slot
/// in one says nothing of its slot in a table of another prime size, nor of its place on a ring; what that
/// neglects is less than the product of the sizes in 2^64. REQUIRES: endpoints on both sides.
Joint join(const Side& before, const Side& after, std::size_t owners, Flows flows = Flows::wanted);

}  // namespace junction
