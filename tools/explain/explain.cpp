#include "tools/explain/explain.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <ostream>
#include <sstream>
#include <string>
#include <utility>

#include "tools/exit_code.hpp"
#include "tools/explain/bulk.hpp"
#include "tools/explain/catalog.hpp"
#include "tools/explain/clients.hpp"
#include "tools/explain/html_view.hpp"
#include "tools/explain/json_view.hpp"
#include "tools/explain/options.hpp"
#include "tools/explain/plot.hpp"
#include "tools/explain/report.hpp"
#include "tools/explain/subject.hpp"
#include "tools/explain/table_view.hpp"
#include "tools/fail.hpp"
#include "tools/help/help_page.hpp"
#include "tools/options/cluster.hpp"
#include "tools/options/policy.hpp"
#include "tools/output/colour.hpp"
#include "tools/output/terminal.hpp"
#include "tools/output/write_file.hpp"

namespace junctionctl::explain {
namespace {

using junction::Error;
using junction::ErrorKind;
using junction::Result;

struct Arguments {
  Options options;
  junction::kube::ConfigOptions cluster;
};

/// The place to look things up in; null where --endpoints leaves nothing to look up.
Result<std::unique_ptr<Catalog>> open_catalog(const Arguments& arguments, Io& io) {
  const Options& options = arguments.options;
  if (options.endpoints && options.files.empty()) return std::unique_ptr<Catalog>();
  if (!options.files.empty()) return read_manifests(options.files, arguments.cluster.namespace_);
  if (options.targets.empty())
    return Error{ErrorKind::usage, "say what to explain: service/NAME, a URL, -f FILE or --endpoints LIST"};
  auto config = cluster_config(arguments.cluster, io);
  if (!config) return std::move(config).error();
  return open_cluster(std::move(*config));
}

void write(const Report& report, Output output, std::ostream& out) {
  switch (output) {
    case Output::table:
      return print_table(report, false, out);
    case Output::wide:
      return print_table(report, true, out);
    case Output::yaml:
      return print_yaml(report, out);
    case Output::json:
      return print_json(report, out);
  }
}

Result<Report> explain(const Arguments& arguments, Io& io, int& signal) {
  auto targets = sort_targets(arguments.options.targets);
  if (!targets) return std::move(targets).error();
  auto catalog = open_catalog(arguments, io);
  if (!catalog) return std::move(catalog).error();
  const auto subject = find_subject(arguments.options, std::move(*targets), catalog->get());
  if (!subject) return subject.error();
  if (*catalog && !(*catalog)->gap().empty()) say(io, (*catalog)->gap());
  const auto clients = make_clients(arguments.options, *subject);
  if (!clients) return clients.error();
  if (is_bulk(arguments.options, *subject, clients->front()))
    return build_bulk_report(arguments.options, *subject, *clients, io, signal);
  return build_report(arguments.options, *subject, *clients, io.in);
}

int check(const Report& report, junction::Severity least, Io& io) {
  const auto count = std::count_if(report.lints.begin(), report.lints.end(),
                                   [&](const junction::Lint& lint) { return lint.severity >= least; });
  if (count == 0) return exit_done;
  say(io, fmt::format("--check: {} at or above {}, the first is {}",
                      count == 1 ? "1 lint" : fmt::format("{} lints", count), junction::severity_name(least),
                      report.lints.front().code));
  return exit_check_failed;
}

Result<void> write_page(const Report& report, const std::string& path) {
  std::ostringstream json;
  print_json(report, json);
  return write_file(path, [&](std::ostream& out) { out << html_page(report, std::move(json).str()); });
}

int run(const Arguments& arguments, Io& io) {
  if (auto possible = check_writable(arguments.options.report_file); !possible)
    return fail(io, possible.error());
  int signal = 0;
  const auto report = explain(arguments, io, signal);
  if (!report) return fail(io, report.error());
  const Options& options = arguments.options;
  if (!options.report_file.empty())
    if (auto written = write_page(*report, options.report_file); !written) return fail(io, written.error());
  show_colours(io.out, wants_colour(options.color, io));
  write(*report, options.output, io.out);
  const bool text = options.output == Output::table || options.output == Output::wide;
  if (options.plot && text)
    print_plot(*report, io.out_is_terminal ? terminal_columns(STDOUT_FILENO) : 80, io.out);
  if (signal != 0) return 128 + signal;
  return options.check ? check(*report, options.severity, io) : exit_done;
}

}  // namespace

void add(CLI::App& app, Run& chosen) {
  CLI::App* const command =
      app.add_subcommand("explain", "Show which endpoint each request goes to, and why");
  auto arguments = std::make_shared<Arguments>();
  help::describe(*command,
                 {.usage = "junctionctl explain service/NAME|URL... [OPTIONS]\n"
                           "junctionctl explain -f FILE [OPTIONS]\n"
                           "junctionctl explain --endpoints LIST --hash-query NAME [OPTIONS]",
                  .examples = "# Where does each go, and why, byte for byte?\n"
                              "junctionctl explain service/shop --query red --query 'pinot noir' --why\n"
                              "# Shares, heavy keys and mistakes, for what a log asks\n"
                              "junctionctl explain service/shop --requests access.log --summary --check\n"
                              "# Without a cluster, beside the other clients in the field\n"
                              "junctionctl explain --endpoints 10.0.0.1:80,10.0.0.2:80 --hash-query q \\\n"
                              "  --query red --impl all"});
  bind_options(*command, arguments->options);
  add_cluster_options(*command, arguments->cluster);
  command->callback([command, arguments, &chosen] {
    arguments->options.policy.hash_params = read_hash_params(*command);
    chosen = [arguments](Io& io) { return run(*arguments, io); };
  });
}

}  // namespace junctionctl::explain
