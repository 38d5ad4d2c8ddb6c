#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "junction/result.hpp"
#include "junction/run_report.hpp"

namespace junctionctl {

/// What is made of a run's result; the same for generate and merge.
struct ReportOptions {
  std::string output = "text";  ///< text, json or csv
  bool latency = false;
  std::vector<std::string> by;  ///< query, endpoint, code
  std::vector<std::string> threshold_texts;
  std::string hdr_log, html;  ///< files to write; empty: none
  std::string color = "auto";

  std::vector<junction::Threshold> thresholds;  ///< filled in by parse_thresholds()
};

void add_report_options(CLI::App& verb, ReportOptions& options);

/// Reads the thresholds, before anything runs.
junction::Result<void> parse_thresholds(ReportOptions& options);

/// What has to be recorded so that these options can be served. Queries are recorded one by one for the
/// breakdown, and for JSON, CSV and HTML where they are at most 10,000.
junction::RecorderOptions recorder_options(const ReportOptions& options, std::size_t queries,
                                           bool knows_endpoints);

/// Whether --by asks for endpoints, which only a run that chooses them itself knows.
bool wants_endpoints(const ReportOptions& options);

/// Whether the report has what --by asks for; the error says how to get it.
junction::Result<void> can_break_down(const junction::RunReport& report, const ReportOptions& options);

}  // namespace junctionctl
