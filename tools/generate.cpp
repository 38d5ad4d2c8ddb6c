#include "tools/generate.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <memory>
#include <ostream>

#include "junction/load/run.hpp"
#include "tools/exit_code.hpp"
#include "tools/fail.hpp"
#include "tools/generate_options.hpp"
#include "tools/generate_status.hpp"
#include "tools/interrupt.hpp"

namespace junctionctl {
namespace {

using junction::load::Plan;
using junction::load::RunResult;

constexpr const char* default_url = "http://localhost:8011/wines/recommendations?query=";

void print_codes(const RunResult& result, std::ostream& out) {
  fmt::print(out, "Response Codes:\n");
  for (const auto& entry : result.tally.outcomes.entries())
    if (!entry.key.is_error()) fmt::print(out, "  {}: {}\n", entry.key.status(), entry.count);
  if (result.tally.errors() > 0) fmt::print(out, "Total Errors: {}\n", result.tally.errors());
}

int run_generate(const GenerateOptions& options, Io& io) {
  const auto plan = load_plan(options, default_url);
  if (!plan) return fail(io, plan.error());
  junction::load::Stop stop;
  const Interrupt interrupt(stop);
  const auto status = make_status(options, io);
  const std::unique_ptr<VerboseTrace> trace =
      options.verbose ? std::make_unique<VerboseTrace>(*plan, io.err) : nullptr;
  const auto result = junction::load::run(*plan, {.observer = status.get(),
                                                  .progress_interval = progress_interval(options),
                                                  .trace = trace.get(),
                                                  .stop = &stop});
  if (status) status->end();
  if (!result) return fail(io, result.error());
  print_codes(*result, io.out);
  io.out.flush();
  return result->stopped ? 128 + Interrupt::signal() : exit_done;
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
