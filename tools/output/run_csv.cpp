#include "tools/output/run_csv.hpp"

#include <fmt/ostream.h>

#include <algorithm>
#include <array>
#include <ostream>
#include <string>
#include <string_view>

#include "junction/ascii.hpp"
#include "junction/printable.hpp"

namespace junctionctl {
namespace {

using junction::Group;
using junction::Histogram;
using junction::OutcomeCounts;

// Whether a spreadsheet would take the cell for a formula and compute it (OWASP, "CSV Injection"). Full-width
// signs count too: some read them as the others.
bool is_formula(std::string_view text) {
  static constexpr std::string_view starts[] = {"=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"};
  return !junction::decimal_number(text) && std::any_of(std::begin(starts), std::end(starts),
                                                        [&](auto start) { return text.starts_with(start); });
}

// A text as a cell: an apostrophe before it says to a spreadsheet that it is one. What is invisible is
// written out, so a cell stays in its line.
std::string cell(std::string_view value) {
  const std::string text = junction::printable(value);
  const std::string shown = is_formula(text) ? "'" + text : text;
  if (shown.find_first_of(",\"") == shown.npos) return shown;
  std::string result = "\"";
  for (const char c : shown) result.append(c == '"' ? 2 : 1, c);
  return result + '"';
}

void write_row(std::ostream& out, std::string_view what, std::string_view name, const OutcomeCounts& outcomes,
               const Histogram& response) {
  constexpr std::array percents = {50.0, 90.0, 99.0, 99.9};
  fmt::print(out, "{},{},{},{},{},{}", what, cell(name), outcomes.total(), outcomes.responses(),
             outcomes.errors(), outcomes.failed());
  if (response.empty()) {
    fmt::print(out, ",,,,,,,\r\n");
    return;
  }
  fmt::print(out, ",{},{:.0f}", response.min(), response.mean());
  for (const auto value : response.values_at_percentiles(percents)) fmt::print(out, ",{}", value);
  fmt::print(out, ",{}\r\n", response.max());
}

void write_outcomes(const junction::Tally& tally, std::ostream& out) {
  auto group = tally.by_code.begin();
  for (const auto& entry : tally.outcomes.entries()) {
    OutcomeCounts alone;
    alone.add(entry.key, entry.count);
    if (entry.key.is_error()) {
      write_row(out, "error", to_string(entry.key.error()), alone, Histogram());
    } else {
      write_row(out, "code", std::to_string(entry.key.status()), alone, (group++)->response);
    }
  }
}

}  // namespace

void write_run_csv(const junction::RunReport& report, std::ostream& out) {
  const junction::Tally& tally = report.tally;
  fmt::print(
      out,
      "what,name,requests,responses,errors,failed,min_ns,mean_ns,p50_ns,p90_ns,p99_ns,p99_9_ns,max_ns\r\n");
  write_row(out, "total", "", tally.outcomes, tally.response());
  write_outcomes(tally, out);
  for (std::size_t i = 0; i < tally.by_query.size(); ++i) {
    write_row(out, "query", report.query_name(i), tally.by_query[i].outcomes, tally.by_query[i].response);
  }
  for (std::size_t i = 0; i < tally.by_endpoint.size(); ++i) {
    write_row(out, "endpoint", report.endpoint_name(i), tally.by_endpoint[i].outcomes,
              tally.by_endpoint[i].response);
  }
  const auto& slots = tally.series.slots();
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const std::int64_t second =
        static_cast<std::int64_t>(i) * (tally.series.width() / junction::TimeSeries::second);
    write_row(out, "second", std::to_string(second), slots[i].outcomes, slots[i].response);
  }
}

}  // namespace junctionctl
