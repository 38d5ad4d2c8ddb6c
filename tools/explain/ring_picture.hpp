#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "junction/placement.hpp"
#include "tools/explain/report.hpp"

namespace junctionctl::explain {

/// A stretch of the ring (or of the table's slots) that belongs to one endpoint, as parts of a full turn from
/// the top.
struct Arc {
  double from = 0;
  double to = 0;
  std::uint32_t endpoint = 0;
};

/// The arcs in order, neighbours of one endpoint joined. Beyond `most` entries the ring is sampled at `most`
/// places: a picture cannot show more.
std::vector<Arc> arcs_of(const junction::Placement& placement, std::size_t most = 2048);

/// Where a hash lies on the same turn.
double turn_of(const junction::Placement& placement, std::uint64_t hash);

/// The ring as SVG: a path an endpoint, the requests as dots around it.
std::string ring_svg(const Report& report);

/// A colour that tells endpoint `index` of `count` from the others, on light and dark.
std::string colour_of(std::size_t index, std::size_t count);

}  // namespace junctionctl::explain
