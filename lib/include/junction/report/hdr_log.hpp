#pragma once

#include <iosfwd>
#include <string>

#include "junction/export.hpp"
#include "junction/histogram.hpp"
#include "junction/run_report.hpp"

namespace junction::report {

/// A histogram as an HdrHistogram V2 payload: counts in zig-zag LEB128, zlib, base64.
[[nodiscard]] JUNCTION_EXPORT std::string hdr_payload(const Histogram& histogram);

/// The run as an HdrHistogram interval log (format version 1.3) that its readers and plotters take: a line of
/// response times for each slot of the time series, and one line each for the whole run tagged "service" and
/// "lateness". Values are nanoseconds; the column of maxima is in milliseconds, as is usual. Response times
/// carry three digits where the run was recorded with RecorderOptions::slot_precision three_digits, two
/// otherwise.
JUNCTION_EXPORT void write_hdr_log(const RunReport& report, std::ostream& out);

}  // namespace junction::report
