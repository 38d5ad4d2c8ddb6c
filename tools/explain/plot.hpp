#pragma once

#include <iosfwd>

#include "tools/explain/report.hpp"

namespace junctionctl::explain {

/// The endpoints' shares as bars of at most `width` cells, with a mark where the ideal is.
void print_plot(const Report& report, std::size_t width, std::ostream& out);

}  // namespace junctionctl::explain
