#pragma once

#include "tools/io.hpp"
#include "tools/options/report.hpp"

namespace junctionctl {

/// Whether the files can be written, and are not one and the same: asked before anything runs.
junction::Result<void> check_files(const ReportOptions& options);

/// Checks the thresholds, writes the result to io.out and the files that were asked for, and names on io.err
/// what does not hold. Returns the exit code: 0, 1 when a file cannot be written, 3 when a threshold does not
/// hold.
int write_report(junction::RunReport report, const ReportOptions& options, Io& io);

}  // namespace junctionctl
