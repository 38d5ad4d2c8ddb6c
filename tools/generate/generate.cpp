#include "tools/generate/generate.hpp"

#include <fmt/format.h>

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
#include "tools/generate/verbose_trace.hpp"
#include "tools/help/help_page.hpp"
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
  say(io, fmt::format("--start-at was {} ago; starting now",
                      junction::format_duration(std::chrono::nanoseconds(late).count())));
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
  const auto state = lb->balancer().state();
  report.plan.policy = junction::policy_json(state.policy);
  if (report.recorder.by_endpoint) add_idle_endpoints(report, state.endpoints);
  return report;
}

// Who tries the tutorial's line first has no front yet.
junction::Error with_a_way_out(junction::Error error, const GenerateOptions& options, bool lb) {
  if (options.url.empty() && !lb && error.kind == junction::ErrorKind::network)
    error.message += " (junctionctl sandbox starts the tutorial's)";
  return error;
}

int run_generate(GenerateOptions options, Io& io) {
  if (auto right = check_options(options); !right) return fail(io, right.error());
  junction::Stop stop;
  const auto status = make_status(options, stop, io);
  const auto complain = [&](const std::string& message) { status ? status->say(message) : say(io, message); };
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
  if (status) status->expect(*plan);
  const Interrupt interrupt(stop);
  const auto trace = options.verbose ? std::make_unique<VerboseTrace>(*plan, io.err) : nullptr;
  auto result = junction::load::run(*plan, {.observer = status.get(),
                                            .progress_interval = progress_interval(options),
                                            .trace = trace.get(),
                                            .stop = &stop});
  if (status) status->end();
  if (!result) return fail(io, with_a_way_out(result.error(), options, lb != nullptr));
  const bool stopped = result->stopped;
  if (stopped && result->tally.sent() == 0)
    say(io, "stopped before the first request was due: nothing was sent");
  const int code = write_report(report_of(url, *plan, *std::move(result), std::move(lb)), options.report, io);
  return stopped ? 128 + Interrupt::signal() : code;
}

}  // namespace

void add(CLI::App& app, Run& chosen) {
  CLI::App* const verb =
      app.add_subcommand("generate", "Send requests on schedule, and count what comes back");
  const auto options = std::make_shared<GenerateOptions>();
  help::describe(
      *verb, {.usage = "junctionctl generate [--url URL] [--vals LIST] [--duration TIME] [OPTIONS]\n"
                       "junctionctl generate --lb service/NAME [OPTIONS]",
              .examples = "# The tutorial's load: ten wines, once a second each\n"
                          "junctionctl generate --duration 10\n"
                          "# 500 requests a second for a minute, words by Zipf's law, and a check\n"
                          "junctionctl generate --url 'http://shop/search?q={}' --vals-file words.txt \\\n"
                          "  --zipf 1.1 --rate 500 --duration 1m --latency --threshold 'p99<50ms'\n"
                          "# As a Junction client, straight to the pods; who got what?\n"
                          "junctionctl generate --lb service/shop --duration 10 --by endpoint"});
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
