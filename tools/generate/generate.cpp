#include "tools/generate/generate.hpp"

#include <fmt/ostream.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <ostream>
#include <string>
#include <utility>

#include "junction/duration.hpp"
#include "junction/load/run.hpp"
#include "junction/policy_json.hpp"
#include "tools/exit_code.hpp"
#include "tools/fail.hpp"
#include "tools/generate/client_side_lb.hpp"
#include "tools/generate/live_line.hpp"
#include "tools/generate/options.hpp"
#include "tools/generate/report.hpp"
#include "tools/interrupt.hpp"
#include "tools/options/policy.hpp"
#include "tools/output/run_files.hpp"

namespace junctionctl::generate {
namespace {

constexpr const char* front_url = "http://localhost:8011/wines/recommendations?query=";

/// Where the requests go when nobody says so: the shop's front, or as the front itself calls a replica.
std::string url_of(const GenerateOptions& options, const ClientSideLb* lb) {
  if (!options.url.empty()) return options.url;
  return lb ? "http://" + lb->host() + "/recommendations/?query={}&limit=10" : front_url;
}

std::string signal_name(bool stopped) {
  if (!stopped) return "";
  return Interrupt::signal() == SIGTERM ? "SIGTERM" : "SIGINT";
}

// The machines of a run that starts together would not.
void warn_of_late_start(const junction::load::Plan& plan, Io& io) {
  if (!plan.start_at) return;
  const auto late = std::chrono::system_clock::now() - *plan.start_at;
  if (late <= std::chrono::seconds{0}) return;
  fmt::print(io.err, "junctionctl: --start-at was {} ago; starting now\n",
             junction::format_duration(std::chrono::nanoseconds(late).count()));
}

// What can be known to be wrong before a cluster is asked or a request is sent.
junction::Result<void> check_options(GenerateOptions& options) {
  if (auto parsed = parse_thresholds(options.report); !parsed) return parsed;
  if (auto possible = check_files(options.report); !possible) return possible;
  if (!options.lb.wanted() && wants_endpoints(options.report))
    return junction::Error{
        junction::ErrorKind::usage,
        "--by endpoint needs --lb: requests go to a front, which alone knows the endpoints"};
  return {};
}

// Ends the watch of the cluster, so that nothing is said about it beside the report.
junction::RunReport report_of(const std::string& url, const junction::load::Plan& plan,
                              junction::load::RunResult result, std::unique_ptr<ClientSideLb> lb) {
  const bool stopped = result.stopped;
  auto report = make_report(url, plan, std::move(result), signal_name(stopped));
  if (!lb) return report;
  report.plan.service = lb->service();
  report.plan.policy = junction::policy_json(lb->balancer().state().policy);
  return report;
}

int run_generate(GenerateOptions options, Io& io) {
  if (auto right = check_options(options); !right) return fail(io, right.error());
  junction::Stop stop;
  const auto status = make_status(options, stop, io);
  const auto complain = [&](const std::string& message) {
    status ? status->say(message) : fmt::print(io.err, "{}\n", message);
  };
  std::unique_ptr<ClientSideLb> lb;
  if (options.lb.wanted()) {
    auto made = ClientSideLb::make(options.lb, options.url, io, complain);
    if (!made) return fail(io, made.error());
    lb = *std::move(made);
  }
  const std::string url = url_of(options, lb.get());
  auto plan = load_plan(options, url);
  if (!plan) return fail(io, plan.error());
  if (lb) plan->balancer = &lb->balancer();
  plan->recorder = recorder_options(options.report, plan->queries.size(), lb != nullptr);
  warn_of_late_start(*plan, io);
  const Interrupt interrupt(stop);
  const auto trace = options.verbose ? std::make_unique<VerboseTrace>(*plan, io.err) : nullptr;
  auto result = junction::load::run(*plan, {.observer = status.get(),
                                            .progress_interval = progress_interval(options),
                                            .trace = trace.get(),
                                            .stop = &stop});
  if (status) status->end();
  if (!result) return fail(io, result.error());
  const bool stopped = result->stopped;
  const int code = write_report(report_of(url, *plan, *std::move(result), std::move(lb)), options.report, io);
  return stopped ? 128 + Interrupt::signal() : code;
}

}  // namespace

void add(CLI::App& app, Run& chosen) {
  CLI::App* const verb =
      app.add_subcommand("generate", "Send requests on schedule, and count what comes back");
  const auto options = std::make_shared<GenerateOptions>();
  add_load_options(*verb, *options);
  verb->callback([verb, options, &chosen] {
    options->lb.policy.hash_params = read_hash_params(*verb);
    options->vals_given = verb->count("--vals") > 0;
    options->data_given = verb->count("--data") > 0;
    options->proxy_given = verb->count("--proxy") > 0;
    chosen = [options](Io& io) { return run_generate(*options, io); };
  });
}

}  // namespace junctionctl::generate
