#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "junction/placement.hpp"

namespace junction {

/// A placement made over for bulk: the hash space cut into equal cells, so many that most hold no entry of
/// the ring or one. A cell says in four bytes where that entry lies and which endpoint is below and above it,
/// so that one look at memory answers for nearly every hash, where the ring takes two in four times the
/// space. What a cell cannot answer, the ring does.
class EndpointLookup {
 public:
  EndpointLookup(Placement placement, std::size_t endpoints);

  /// The endpoint of each hash, as Placement has it. REQUIRES: a placement that is not empty, room in `to`.
  void operator()(std::span<const std::uint64_t> hashes, std::uint32_t* to) const;

  [[nodiscard]] const Placement& placement() const { return placement_; }

 private:
  void make_cells(const Ring& ring);
  [[nodiscard]] std::uint32_t ask_placement(std::uint64_t hash) const;

  Placement placement_;
  std::vector<std::uint32_t>
      cells_;           ///< split, below, above, from the top bits down; empty: the placement answers
  int cell_shift_ = 0;  ///< of a hash, to its cell
  int id_bits_ = 0;  ///< of below and above; all of them set: ask the placement. The others are the split's.
};

}  // namespace junction
