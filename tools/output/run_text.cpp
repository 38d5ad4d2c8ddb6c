#include "tools/output/run_text.hpp"

#include <fmt/ostream.h>

#include <algorithm>
#include <array>
#include <functional>
#include <ostream>
#include <set>
#include <string>

#include "junction/duration.hpp"
#include "tools/output/table.hpp"
#include "tools/output/width.hpp"

namespace junctionctl {
namespace {

using junction::format_duration;
using junction::Group;
using junction::Histogram;
using junction::OutcomeCounts;
using junction::RunReport;
using Cells = std::vector<std::string>;

// Red where the request failed.
Colour colour_of(junction::OutcomeKey key) {
  return key.failed() ? Colour::red : Colour::none;
}

void write_codes(const OutcomeCounts& outcomes, std::ostream& out) {
  fmt::print(out, "Response Codes:\n");
  for (const auto& entry : outcomes.entries()) {
    if (entry.key.is_error()) continue;
    paint_text(out, colour_of(entry.key), fmt::format("  {}: {}", entry.key.status(), entry.count));
    out << '\n';
  }
  if (outcomes.errors() == 0) return;
  paint_text(out, Colour::red, fmt::format("Total Errors: {}", outcomes.errors()));
  out << '\n';
}

constexpr std::array percents = {50.0, 90.0, 99.0, 99.9};

void add_percentile_columns(std::vector<Table::Column>& columns) {
  for (const char* name : {"P50", "P90", "P99", "P99.9", "MAX"})
    columns.push_back({name, Table::Align::right});
}

void add_percentile_cells(const Histogram& histogram, Cells& cells) {
  const auto values = histogram.values_at_percentiles(percents);
  for (const auto value : values) cells.push_back(histogram.empty() ? "" : format_duration(value));
  cells.push_back(histogram.empty() ? "" : format_duration(histogram.max()));
}

// How long the requests took that were sent, in ns: each stands for the time until the next is due, the last
// one too, and starting late takes longer. A closed loop sends all the time.
double sending_time(const RunReport& report) {
  if (report.plan.rate <= 0) return static_cast<double>(std::max(report.last_sent, report.elapsed));
  const auto late = static_cast<double>(std::max<std::int64_t>(report.last_sent - report.last_due, 0));
  return static_cast<double>(report.scheduled) / report.plan.rate * 1e9 + late;
}

// And the wait for the last reply.
double answering_time(const RunReport& report) {
  if (report.plan.rate <= 0) return static_cast<double>(report.elapsed);
  return sending_time(report) +
         static_cast<double>(std::max<std::int64_t>(report.elapsed - report.last_sent, 0));
}

// As many digits as mean something.
std::string rate_words(std::uint64_t count, double time) {
  const double rate = time > 0 ? static_cast<double>(count) * 1e9 / time : 0;
  return rate < 1000 ? fmt::format("{:.3g}", rate) : fmt::format("{:.0f}", rate);
}

void write_latency(const RunReport& report, std::ostream& out) {
  std::vector<Table::Column> columns = {{"TIME"}};
  add_percentile_columns(columns);
  Table table(std::move(columns));
  const auto add = [&](const char* name, const Histogram& histogram) {
    Cells cells = {name};
    add_percentile_cells(histogram, cells);
    table.add(std::move(cells));
  };
  add("response", report.tally.response());
  add("service", report.tally.service);
  add("late start", report.tally.lateness);
  fmt::print(out, "\nLatency:\n");
  table.print(out, 2);
  fmt::print(out, "\nRate: ");
  if (report.plan.rate > 0)
    fmt::print(out, "{:.6g}/s asked for, {:.2f}% achieved; ", report.plan.rate, report.rate_ratio() * 100);
  fmt::print(out, "{}/s sent, {}/s answered\n", rate_words(report.tally.sent(), sending_time(report)),
             rate_words(report.tally.responses(), answering_time(report)));
  if (report.cpu == 0 || report.tally.sent() == 0) return;
  const auto each = report.cpu / static_cast<std::int64_t>(report.tally.sent());
  fmt::print(out, "CPU:  {} a request ({}, timer slack {})\n", format_duration(each), report.engine,
             format_duration(report.plan.timer_slack));
}

// The columns that outcomes are counted in: each code while they are few, else their classes; then the
// errors.
struct OutcomeColumn {
  std::string name;
  std::function<std::uint64_t(const OutcomeCounts&)> count;
};

std::uint64_t count_class(const OutcomeCounts& outcomes, int hundreds) {
  std::uint64_t sum = 0;
  for (const auto& entry : outcomes.entries()) {
    if (!entry.key.is_error() && entry.key.status() / 100 == hundreds) sum += entry.count;
  }
  return sum;
}

std::vector<OutcomeColumn> outcome_columns(const OutcomeCounts& all) {
  constexpr std::size_t few = 6;
  std::vector<OutcomeColumn> codes, classes;
  std::set<int> seen;
  for (const auto& entry : all.entries()) {
    if (entry.key.is_error()) continue;
    const junction::OutcomeKey key = entry.key;
    const int hundreds = key.status() / 100;
    codes.push_back(
        {std::to_string(key.status()), [key](const OutcomeCounts& outcomes) { return outcomes.count(key); }});
    if (seen.insert(hundreds).second) {
      classes.push_back({fmt::format("{}XX", hundreds), [hundreds](const OutcomeCounts& outcomes) {
                           return count_class(outcomes, hundreds);
                         }});
    }
  }
  std::vector<OutcomeColumn> columns = codes.size() <= few ? codes : classes;
  if (all.errors() > 0)
    columns.push_back({"ERRORS", [](const OutcomeCounts& outcomes) { return outcomes.errors(); }});
  return columns;
}

// A value of a megabyte would make every row as wide. JSON and CSV have it whole.
constexpr std::size_t widest_name = 72;

void write_groups(const RunReport& report, const std::string& what, const std::vector<Group>& groups,
                  const std::function<std::string(std::size_t)>& name_of, std::ostream& out) {
  const auto outcomes = outcome_columns(report.tally.outcomes);
  std::vector<Table::Column> columns = {{what}, {"REQUESTS", Table::Align::right}};
  for (const OutcomeColumn& column : outcomes) columns.push_back({column.name, Table::Align::right});
  add_percentile_columns(columns);
  Table table(std::move(columns));
  for (std::size_t i = 0; i < groups.size(); ++i) {
    Cells cells = {shortened(printable(name_of(i)), widest_name), std::to_string(groups[i].outcomes.total())};
    for (const OutcomeColumn& column : outcomes)
      cells.push_back(std::to_string(column.count(groups[i].outcomes)));
    add_percentile_cells(groups[i].response, cells);
    table.add(std::move(cells));
  }
  fmt::print(out, "\n");
  table.print(out);
}

void write_by_code(const RunReport& report, std::ostream& out) {
  std::vector<Table::Column> columns = {
      {"CODE"}, {"REQUESTS", Table::Align::right}, {"SHARE", Table::Align::right}};
  add_percentile_columns(columns);
  Table table(std::move(columns));
  const double sent = static_cast<double>(report.tally.sent());
  auto group = report.tally.by_code.begin();
  for (const auto& [key, count] : report.tally.outcomes.entries()) {
    Cells cells = {key.is_error() ? std::string(to_string(key.error())) : std::to_string(key.status()),
                   std::to_string(count), fmt::format("{:.2f}%", static_cast<double>(count) / sent * 100)};
    add_percentile_cells(key.is_error() ? Histogram() : (group++)->response, cells);
    table.add(std::move(cells));
    table.paint(0, colour_of(key));
  }
  fmt::print(out, "\n");
  table.print(out);
}

void write_breakdown(const RunReport& report, Breakdown by, std::ostream& out) {
  switch (by) {
    case Breakdown::query:
      return write_groups(
          report, "QUERY", report.tally.by_query, [&](std::size_t i) { return report.query_name(i); }, out);
    case Breakdown::endpoint:
      return write_groups(
          report, "ENDPOINT", report.tally.by_endpoint,
          [&](std::size_t i) { return report.endpoint_name(i); }, out);
    case Breakdown::code:
      return write_by_code(report, out);
  }
}

void write_thresholds(const RunReport& report, std::ostream& out) {
  Table table({{"THRESHOLD"}, {"HOLDS"}, {"MEASURED"}});
  for (const auto& result : report.thresholds) {
    table.add({result.text, result.holds ? "yes" : "NO", result.actual});
    table.paint(1, result.holds ? Colour::green : Colour::red);
  }
  fmt::print(out, "\n");
  table.print(out);
}

}  // namespace

void write_run_text(const RunReport& report, const RunTextOptions& options, std::ostream& out) {
  write_codes(report.tally.outcomes, out);
  if (options.latency) write_latency(report, out);
  for (const Breakdown by : options.by) write_breakdown(report, by, out);
  if (!report.thresholds.empty()) write_thresholds(report, out);
}

}  // namespace junctionctl
