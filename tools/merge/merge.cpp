#include "tools/merge/merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "junction/documents.hpp"
#include "junction/report/json.hpp"
#include "tools/exit_code.hpp"
#include "tools/fail.hpp"
#include "tools/help/help_page.hpp"
#include "tools/options/report.hpp"
#include "tools/output/run_files.hpp"

namespace junctionctl::merge {
namespace {

using junction::Error;
using junction::ErrorKind;
using junction::Result;
using junction::RunReport;

struct MergeOptions {
  std::vector<std::string> files;
  ReportOptions report;
};

Error in_file(const std::string& file, const Error& error) {
  return {error.kind, fmt::format("{}: {}", file == "-" ? "standard input" : file, error.message)};
}

struct Sum {
  RunReport report;
  std::vector<std::string> thresholds;  // that the results were made with, each once
};

void add_thresholds(const RunReport& report, std::vector<std::string>& thresholds) {
  for (const auto& result : report.thresholds) {
    if (std::find(thresholds.begin(), thresholds.end(), result.text) == thresholds.end()) {
      thresholds.push_back(result.text);
    }
  }
}

Result<Sum> sum_of(const std::vector<std::string>& files) {
  Sum sum;
  for (auto at = files.begin(); at != files.end(); ++at) {
    const std::string& file = *at;
    if (std::find(files.begin(), at, file) != at) {
      return Error{ErrorKind::usage, fmt::format("{} is named twice, and would be counted twice", file)};
    }
    const auto text = junction::read_text(file);
    if (!text) return text.error();
    auto report = junction::report::read_json(*text);
    if (!report) return in_file(file, report.error());
    add_thresholds(*report, sum.thresholds);
    if (at == files.begin()) {
      sum.report = *std::move(report);
    } else if (auto added = junction::merge(sum.report, *report); !added) {
      return Error{added.error().kind,
                   fmt::format("{} cannot be added to {}: {}", file, files.front(), added.error().message)};
    }
  }
  return sum;
}

int run_merge(MergeOptions options, Io& io) {
  if (auto parsed = parse_thresholds(options.report); !parsed) return fail(io, parsed.error());
  if (auto possible = check_files(options.report); !possible) return fail(io, possible.error());
  auto sum = sum_of(options.files);
  if (!sum) return fail(io, sum.error());
  if (options.report.threshold_texts.empty()) {  // else the command line's replace them
    options.report.threshold_texts = sum->thresholds;
    if (auto parsed = parse_thresholds(options.report); !parsed) return fail(io, parsed.error());
  }
  if (auto possible = can_break_down(sum->report, options.report); !possible)
    return fail(io, possible.error());
  return write_report(std::move(sum->report), options.report, io);
}

}  // namespace

void add(CLI::App& app, Run& chosen) {
  CLI::App* const verb = app.add_subcommand("merge", "Add several results of generate -o json up to one");
  const auto options = std::make_shared<MergeOptions>();
  help::describe(*verb, {.usage = "junctionctl merge FILE... [OPTIONS]",
                         .examples = "junctionctl merge a.json b.json --latency --threshold 'p99<50ms'\n"
                                     "junctionctl merge shard-*.json -o json >whole.json"});
  verb->add_option("FILE", options->files, "Results to add; - is standard input")->required()->type_name("");
  add_report_options(*verb, options->report);
  verb->callback([options, &chosen] { chosen = [options](Io& io) { return run_merge(*options, io); }; });
}

}  // namespace junctionctl::merge
