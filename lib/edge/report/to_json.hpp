#pragma once

#include <nlohmann/json_fwd.hpp>

#include "junction/run_report.hpp"

namespace junction::report {

/// The run as docs/generate-json.md describes it; the HTML report carries the same.
nlohmann::ordered_json to_json(const RunReport& report);

nlohmann::ordered_json buckets_to_json(const Histogram& histogram);

}  // namespace junction::report
