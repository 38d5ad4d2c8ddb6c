#pragma once

#include <iosfwd>

#include "junction/export.hpp"
#include "junction/run_report.hpp"

namespace junction::report {

/// The run as one self-contained HTML page: codes and response times over time, their distribution,
/// breakdowns, the query-by-endpoint heat map, thresholds and facts. It loads nothing and runs only the
/// script it carries.
JUNCTION_EXPORT void write_html(const RunReport& report, std::ostream& out);

}  // namespace junction::report
