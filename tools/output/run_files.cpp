#include "tools/output/run_files.hpp"

#include <fmt/format.h>

#include <ostream>
#include <utility>

#include "junction/duration.hpp"
#include "junction/report/hdr_log.hpp"
#include "junction/report/html.hpp"
#include "junction/report/json.hpp"
#include "tools/exit_code.hpp"
#include "tools/fail.hpp"
#include "tools/output/colour.hpp"
#include "tools/output/door.hpp"
#include "tools/output/run_csv.hpp"
#include "tools/output/run_text.hpp"
#include "tools/output/write_file.hpp"

namespace junctionctl {
namespace {

using junction::Error;
using junction::ErrorKind;
using junction::Result;
using junction::RunReport;

Result<void> write_files(const RunReport& report, const ReportOptions& options) {
  using namespace junction::report;
  if (!options.hdr_log.empty()) {
    auto written = write_file(options.hdr_log, [&](std::ostream& out) { write_hdr_log(report, out); });
    if (!written) return written;
  }
  if (options.html.empty()) return {};
  return write_file(options.html, [&](std::ostream& out) { write_html(report, out); });
}

void write_result(const RunReport& report, const ReportOptions& options, std::ostream& out) {
  if (options.output == "json") return junction::report::write_json(report, out);
  if (options.output == "csv") return write_run_csv(report, verbatim(out));
  RunTextOptions text{.latency = options.latency};
  for (const std::string& by : options.by) {
    text.by.push_back(by == "query"      ? Breakdown::query
                      : by == "endpoint" ? Breakdown::endpoint
                                         : Breakdown::code);
  }
  write_run_text(report, text, out);
}

// A generator that cannot keep up says so, instead of quietly sending less. One that sent everything, and the
// last a moment late, did keep up: what a moment is of a short run says nothing of the rate.
void warn_of_missed_rate(const RunReport& report, Io& io) {
  constexpr double near_enough = 0.99;
  constexpr std::int64_t moment = 20'000'000;
  if (report.plan.rate <= 0 || report.scheduled == 0 || report.rate_ratio() >= near_enough) return;
  if (report.tally.sent() == report.scheduled && report.last_sent - report.last_due < moment) return;
  const junction::Histogram& late = report.tally.lateness;
  using junction::format_duration;
  say(io,
      fmt::format("achieved {:.1f}% of the {:.6g} requests/s asked for; starts were late by {} at the "
                  "median, {} at p99, {} at most",
                  report.rate_ratio() * 100, report.plan.rate, format_duration(late.value_at_percentile(50)),
                  format_duration(late.value_at_percentile(99)), format_duration(late.max())));
}

// The text counts errors; what kind they were of decides what to do about them.
void explain_errors(const RunReport& report, Io& io) {
  if (report.tally.errors() == 0) return;
  std::string kinds;
  for (const auto& entry : report.tally.outcomes.entries()) {
    if (!entry.key.is_error()) continue;
    kinds += fmt::format("{}{} {}", kinds.empty() ? "" : ", ", entry.count, to_string(entry.key.error()));
  }
  say(io, fmt::format("requests without a response: {}", kinds));
}

}  // namespace

Result<void> check_files(const ReportOptions& options) {
  if (!options.html.empty() && options.html == options.hdr_log) {
    return Error{ErrorKind::usage, fmt::format("--hdr-log and --report both name {}", options.html)};
  }
  for (const auto& [flag, path] :
       {std::pair("--hdr-log", &options.hdr_log), std::pair("--report", &options.html)}) {
    if (*path == "-")
      return Error{ErrorKind::usage, fmt::format("{} - : standard output has the result; name a file", flag)};
  }
  if (auto possible = check_writable(options.hdr_log); !possible) return possible;
  return check_writable(options.html);
}

int write_report(RunReport report, const ReportOptions& options, Io& io) {
  const bool all_hold = report.check(options.thresholds);
  show_colours(io.out, wants_colour(options.color, io));
  write_result(report, options, io.out);
  io.out.flush();
  if (options.output == "text") explain_errors(report, io);
  warn_of_missed_rate(report, io);
  for (const auto& result : report.thresholds) {
    if (!result.holds) say(io, fmt::format("threshold {} does not hold: {}", result.text, result.actual));
  }
  if (auto written = write_files(report, options); !written) return fail(io, written.error());
  return all_hold ? exit_done : exit_check_failed;
}

}  // namespace junctionctl
