#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "junction/draws.hpp"
#include "junction/endpoint.hpp"
#include "junction/export.hpp"
#include "junction/implementation.hpp"

namespace junction {

/// Ring sizes, both ends included.
struct SparingSizes {
  std::uint64_t from = 0;
  std::uint64_t to = 0;

  friend bool operator==(const SparingSizes&, const SparingSizes&) = default;
};

/// The ring sizes next to `size`, or around it, with which `fewer` and `more` endpoints of one weight get the
/// same number of entries each, so that none moves between endpoints that stay; those below `size` where
/// there are none above. A ring has ceil(size / endpoints) entries for each. REQUIRES: 0 < fewer <= more.
[[nodiscard]] JUNCTION_EXPORT SparingSizes sparing_ring_sizes(std::uint64_t fewer, std::uint64_t more,
                                                              std::uint64_t size);

/// How endpoints are scaled one by one, where nobody knows which will go and come.
struct SeriesPlan {
  std::span<const Endpoint> known;  ///< today's, not empty
  const Implementation* implementation = nullptr;
  PlacementOptions placement;
  std::size_t first = 1;  ///< number of endpoints of the first step
  std::size_t last = 2;   ///< and behind the last
  std::size_t draws = 100;
  std::uint64_t seed = 0;
  std::function<bool()> stop;  ///< asked between draws; true: end with what there is
};

/// One more endpoint: from `from` to from + 1.
struct SeriesStep {
  std::size_t from = 0;
  double ideal = 0;
  Spread moved;
  Spread collateral;
  Spread imbalance;  ///< with from + 1
  /// Ring sizes that move nothing between those that stay, tried on the first three draws; nothing: none was
  /// found.
  std::optional<SparingSizes> sparing;
};

struct Series {
  std::vector<SeriesStep> steps;
  std::size_t draws = 0;  ///< done
  Spread imbalance;       ///< with `first` endpoints
};

/// Each draw takes today's endpoints in an order of its own (a StatefulSet's in the order of its ordinals)
/// and drawn ones after them, and places 1, 2, ... of these. REQUIRES: 0 < first < last, and placements that
/// check() allows.
[[nodiscard]] JUNCTION_EXPORT Series impact_series(const SeriesPlan& plan);

}  // namespace junction
