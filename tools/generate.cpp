#include "tools/generate.hpp"

#include <csignal>
#include <memory>
#include <string>
#include <utility>

#include "junction/load/run.hpp"
#include "tools/exit_code.hpp"
#include "tools/fail.hpp"
#include "tools/generate_options.hpp"
#include "tools/generate_report.hpp"
#include "tools/generate_status.hpp"
#include "tools/interrupt.hpp"

namespace junctionctl {
namespace {

constexpr const char* default_url = "http://localhost:8011/wines/recommendations?query=";

int run_generate(GenerateOptions options, Io& io) {
  if (auto parsed = parse_thresholds(options.report); !parsed) return fail(io, parsed.error());
  auto plan = load_plan(options, default_url);
  if (!plan) return fail(io, plan.error());
  plan->recorder = recorder_options(options.report, plan->queries.size(), plan->balancer != nullptr);
  junction::load::Stop stop;
  const Interrupt interrupt(stop);
  const auto status = make_status(options, io);
  const std::unique_ptr<VerboseTrace> trace =
      options.verbose ? std::make_unique<VerboseTrace>(*plan, io.err) : nullptr;
  auto result = junction::load::run(*plan, {.observer = status.get(),
                                            .progress_interval = progress_interval(options),
                                            .trace = trace.get(),
                                            .stop = &stop});
  if (status) status->end();
  if (!result) return fail(io, result.error());
  const bool stopped = result->stopped;
  const std::string interrupted = !stopped ? "" : Interrupt::signal() == SIGTERM ? "SIGTERM" : "SIGINT";
  const std::string url = options.url.empty() ? default_url : options.url;
  const int code = write_report(make_report(url, *plan, *std::move(result), interrupted), options.report, io);
  return stopped ? 128 + Interrupt::signal() : code;
}

}  // namespace

void add_generate(CLI::App& app, Run& chosen) {
  CLI::App* const verb =
      app.add_subcommand("generate", "Send requests on schedule, and count what comes back");
  const auto options = std::make_shared<GenerateOptions>();
  add_load_options(*verb, *options);
  verb->callback([verb, options, &chosen] {
    options->vals_given = verb->count("--vals") > 0;
    options->url_given = verb->count("--url") > 0;
    chosen = [options](Io& io) { return run_generate(*options, io); };
  });
}

}  // namespace junctionctl
