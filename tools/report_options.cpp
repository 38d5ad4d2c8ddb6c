#include "tools/report_options.hpp"

#include <fmt/ostream.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <ostream>

#include "junction/duration.hpp"
#include "junction/report/hdr_log.hpp"
#include "junction/report/html.hpp"
#include "junction/report/json.hpp"
#include "tools/exit_code.hpp"
#include "tools/fail.hpp"
#include "tools/not_empty.hpp"
#include "tools/output/run_csv.hpp"

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

Error cannot_write(const std::string& path, int number) {
  return {ErrorKind::io, fmt::format("could not write {}: {}", path, std::strerror(number))};
}

// Asked before the run, not found out after ten minutes of load. Opens nothing: a file that is there stays as
// it is until there is a result.
Result<void> check_writable(const std::string& path) {
  if (path.empty()) return {};
  std::error_code unknown;
  if (std::filesystem::is_directory(path, unknown)) return cannot_write(path, EISDIR);
  if (::access(path.c_str(), W_OK) == 0) return {};
  if (errno != ENOENT) return cannot_write(path, errno);
  const std::string folder = std::filesystem::path(path).parent_path().string();
  if (::access(folder.empty() ? "." : folder.c_str(), W_OK | X_OK) == 0) return {};
  return cannot_write(path, errno);
}

Result<void> write_file(const std::string& path, const std::function<void(std::ostream&)>& write) {
  errno = 0;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  if (file) write(file);
  file.close();
  if (!file) return cannot_write(path, errno);
  return {};
}

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
  if (options.output == "csv") return write_run_csv(report, out);
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
void warn_of_missed_rate(const RunReport& report, std::ostream& err) {
  constexpr double near_enough = 0.99;
  constexpr std::int64_t moment = 20'000'000;
  if (report.plan.rate <= 0 || report.scheduled == 0 || report.rate_ratio() >= near_enough) return;
  if (report.tally.sent() == report.scheduled && report.last_sent - report.last_due < moment) return;
  const junction::Histogram& late = report.tally.lateness;
  using junction::format_duration;
  fmt::print(
      err,
      "junctionctl: achieved {:.1f}% of the {:.6g} requests/s asked for; starts were late by {} at the "
      "median, {} at p99, {} at most\n",
      report.rate_ratio() * 100, report.plan.rate, format_duration(late.value_at_percentile(50)),
      format_duration(late.value_at_percentile(99)), format_duration(late.max()));
}

// The text counts errors; what kind they were of decides what to do about them.
void explain_errors(const RunReport& report, std::ostream& err) {
  if (report.tally.errors() == 0) return;
  std::string kinds;
  for (const auto& entry : report.tally.outcomes.entries()) {
    if (!entry.key.is_error()) continue;
    kinds += fmt::format("{}{} {}", kinds.empty() ? "" : ", ", entry.count, to_string(entry.key.error()));
  }
  fmt::print(err, "junctionctl: requests without a response: {}\n", kinds);
}

}  // namespace

void add_report_options(CLI::App& verb, ReportOptions& o) {
  const char* const group = "What to report";
  verb.add_option("-o,--output", o.output, "text, json or csv")
      ->check(CLI::IsMember({"text", "json", "csv"}))
      ->capture_default_str()
      ->group(group);
  verb.add_flag("--latency", o.latency, "A table of response time, service time and late starts")
      ->group(group);
  verb.add_option("--by", o.by, "Break codes and latency down by query, endpoint or code (repeats)")
      ->check(CLI::IsMember({"query", "endpoint", "code"}))
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group(group);
  verb.add_option("--threshold", o.threshold_texts,
                  "Exit 3 unless this holds, as in 'p99<50ms' or 'errors<1%' (repeats)")
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
}

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

int write_report(RunReport report, const ReportOptions& options, Io& io) {
  const bool all_hold = report.check(options.thresholds);
  write_result(report, options, io.out);
  io.out.flush();
  if (options.output == "text") explain_errors(report, io.err);
  warn_of_missed_rate(report, io.err);
  for (const auto& result : report.thresholds) {
    if (!result.holds)
      fmt::print(io.err, "junctionctl: threshold {} does not hold: {}\n", result.text, result.actual);
  }
  if (auto written = write_files(report, options); !written) return fail(io, written.error());
  return all_hold ? exit_done : exit_check_failed;
}

}  // namespace junctionctl
