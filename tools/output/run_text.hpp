#pragma once

#include <cstdint>
#include <iosfwd>
#include <vector>

#include "junction/run_report.hpp"

namespace junctionctl {

/// What a run can be broken down by.
enum class Breakdown : std::uint8_t { query, endpoint, code };

/// What is shown beyond the codes.
struct RunTextOptions {
  bool latency = false;
  std::vector<Breakdown> by;  ///< in this order
};

/// The tutorial's text: "Response Codes:", a line each, ascending; "Total Errors: N" where a request got no
/// response. Behind it what was asked for: the latency table, breakdowns, thresholds.
void write_run_text(const junction::RunReport& report, const RunTextOptions& options, std::ostream& out);

}  // namespace junctionctl
