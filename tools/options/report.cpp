#include "tools/options/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tools/options/color.hpp"
#include "tools/options/not_empty.hpp"
#include "tools/options/one_of.hpp"

namespace junctionctl {
namespace {

using junction::Error;
using junction::ErrorKind;
using junction::Result;
using junction::RunReport;

constexpr std::size_t most_queries_unasked = 10'000;
constexpr std::uint32_t matrix_rows = 256;

bool has(const std::vector<std::string>& by, const char* what) {
  return std::find(by.begin(), by.end(), what) != by.end();
}

}  // namespace

void add_report_options(CLI::App& verb, ReportOptions& o) {
  const char* const group = "What to report";
  verb.add_option("-o,--output", o.output, "text, json or csv")
      ->type_name("FORMAT")
      ->check(one_of({"text", "json", "csv"}))
      ->capture_default_str()
      ->group(group);
  verb.add_flag("--latency", o.latency, "A table of response time, service time and late starts")
      ->group(group);
  verb.add_option("--by", o.by,
                  "Break codes and latency down by query, endpoint or code; repeats, or commas between")
      ->type_name("WHAT")
      ->check(one_of({"query", "endpoint", "code"}))
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group(group);
  verb.add_option("--threshold", o.threshold_texts,
                  "Exit 3 unless this holds, as in 'p99<50ms' or 'errors<1%'; repeats")
      ->allow_extra_args(false)
      ->type_name("EXPR")
      ->group(group);
  verb.add_option("--hdr-log", o.hdr_log, "Write an HdrHistogram log to this file")
      ->check(not_empty())
      ->type_name("FILE")
      ->group(group);
  verb.add_option("--report", o.html, "Write an HTML report to this file")
      ->check(not_empty())
      ->type_name("FILE")
      ->group(group);
  add_color_option(verb, o.color)->group(group);
}

Result<void> parse_thresholds(ReportOptions& options) {
  for (const std::string& text : options.threshold_texts) {
    auto threshold = junction::parse_threshold(text);
    if (!threshold) return threshold.error();
    options.thresholds.push_back(*std::move(threshold));
  }
  return {};
}

junction::RecorderOptions recorder_options(const ReportOptions& options, std::size_t queries,
                                           bool knows_endpoints) {
  const bool complete = options.output != "text" || !options.html.empty();
  return {.by_query = has(options.by, "query") || (complete && queries <= most_queries_unasked),
          .by_endpoint = knows_endpoints && (complete || has(options.by, "endpoint")),
          .matrix_rows = knows_endpoints && complete ? matrix_rows : 0,
          .slot_precision =
              options.hdr_log.empty() ? junction::Precision::two_digits : junction::Precision::three_digits};
}

bool wants_endpoints(const ReportOptions& options) {
  return has(options.by, "endpoint");
}

Result<void> can_break_down(const RunReport& report, const ReportOptions& options) {
  if (has(options.by, "query") && !report.recorder.by_query) {
    return Error{ErrorKind::invalid,
                 "--by query: queries were not recorded one by one; run generate with --by query"};
  }
  if (has(options.by, "endpoint") && !report.recorder.by_endpoint) {
    return Error{
        ErrorKind::invalid,
        "--by endpoint: endpoints were not recorded; run generate with --lb, which chooses them itself"};
  }
  return {};
}

}  // namespace junctionctl
