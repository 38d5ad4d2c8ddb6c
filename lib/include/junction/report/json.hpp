#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

#include "junction/export.hpp"
#include "junction/result.hpp"
#include "junction/run_report.hpp"

namespace junction::report {

/// The `schema` field of what write_json() writes. A reader refuses any other.
inline constexpr std::string_view json_schema = "junctionctl.generate/1";

/// The whole run, histograms included, as docs/generate-json.md describes it: read_json() gives back a report
/// that is equal in all that was measured. Bytes of names that are no UTF-8 become U+FFFD.
JUNCTION_EXPORT void write_json(const RunReport& report, std::ostream& out);

/// Reads what write_json() wrote. An error names the field at fault; a result whose counts do not add up is
/// refused.
[[nodiscard]] JUNCTION_EXPORT Result<RunReport> read_json(std::string_view text);

}  // namespace junction::report
