#include "tools/cli.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <exception>
#include <ostream>

#include "tools/command.hpp"
#include "tools/completion.hpp"
#include "tools/exit_code.hpp"
#include "tools/explain.hpp"
#include "tools/generate.hpp"
#include "tools/logs.hpp"
#include "tools/merge.hpp"
#include "tools/patch.hpp"
#include "tools/sandbox.hpp"
#include "tools/scale.hpp"
#include "tools/version.hpp"

namespace junctionctl {
namespace {

// The list of verbs, in the order --help shows them. A new verb is one line here, one in CMakeLists.txt.
constexpr AddCommand verbs[] = {
    add_patch, add_explain, add_generate, add_merge,      add_sandbox,
    add_scale, add_logs,    add_version,  add_completion,
};

int parse_failed(const CLI::App& app, const CLI::ParseError& error, Io& io) {
  const bool asked_for = error.get_exit_code() == 0;  // --help and --version arrive as exceptions too
  if (asked_for) return app.exit(error, io.out, io.err);
  fmt::print(io.err, "junctionctl: {} (see junctionctl --help)\n", error.what());
  return exit_usage;
}

}  // namespace

int run_cli(int argc, const char* const* argv, Io& io) {
  CLI::App app("Client-side load balancing by consistent hashing: prove it, change it, explain it.",
               "junctionctl");
  app.set_version_flag("--version", version_line());
  app.require_subcommand(1);
  Run chosen;
  for (const AddCommand add : verbs) add(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return parse_failed(app, error, io);
  }
  try {
    return chosen(io);
  } catch (const std::exception& error) {  // what still throws here is a bug, or memory ran out
    fmt::print(io.err, "junctionctl: internal error: {}\n", error.what());
    return exit_failed;
  }
}

}  // namespace junctionctl
