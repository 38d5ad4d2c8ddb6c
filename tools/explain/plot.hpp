#pragma once

#include <iosfwd>

#include "tools/explain/report.hpp"

namespace junctionctl::explain {

/// The endpoints' shares as bars, with a mark where the ideal is, in lines of at most `columns` if that is
/// possible.
void print_plot(const Report& report, std::size_t columns, std::ostream& out);

}  // namespace junctionctl::explain
