#pragma once

#include <iosfwd>

#include "junction/run_report.hpp"

namespace junctionctl {

/// One table of everything, RFC 4180 with a header: a row for the total, each code, error, query, endpoint
/// and time slot, told apart by the first two columns.
void write_run_csv(const junction::RunReport& report, std::ostream& out);

}  // namespace junctionctl
