#pragma once

#include <iosfwd>

#include "tools/explain/report.hpp"

namespace junctionctl::explain {

/// The report for people; `wide` adds columns.
void print_table(const Report& report, bool wide, std::ostream& out);

}  // namespace junctionctl::explain
