#pragma once

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>

namespace junction::report {

/// JSON that people can read and histograms do not blow up: objects indented, arrays of plain values on one
/// line.
void write_pretty(const nlohmann::ordered_json& value, std::ostream& out, int indent = 0);

}  // namespace junction::report
