#include "tools/cli.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <ostream>
#include <string_view>

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

struct Verb {
  std::string_view name;
  AddCommand add;
};

// The list of verbs, in the order --help shows them. A new verb is one line here, one in CMakeLists.txt.
constexpr Verb verbs[] = {
    {"patch", add_patch}, {"explain", add_explain}, {"generate", add_generate},
    {"merge", add_merge}, {"sandbox", add_sandbox}, {"scale", add_scale},
    {"logs", add_logs},   {"version", add_version}, {"completion", add_completion},
};

// A verb that is named is all that has to be built: two hundred options of the others would cost more than a
// patch may. Completion is made from all of them.
void add_verbs(CLI::App& app, std::string_view first_word, Run& chosen) {
  if (first_word == "--version") return;
  const auto named = std::find_if(std::begin(verbs), std::end(verbs),
                                  [&](const Verb& verb) { return verb.name == first_word; });
  if (named != std::end(verbs) && named->name != "completion") return named->add(app, chosen);
  for (const Verb& verb : verbs) verb.add(app, chosen);
}

// As a plugin of kubectl it is called by another name.
const char* program_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1) == "kubectl-junction" ? "kubectl junction" : "junctionctl";
}

int parse_failed(const CLI::App& app, const CLI::ParseError& error, Io& io) {
  const bool asked_for = error.get_exit_code() == 0;  // --help and --version arrive as exceptions too
  if (asked_for) return app.exit(error, io.out, io.err);
  fmt::print(io.err, "junctionctl: {} (see junctionctl --help)\n", error.what());
  return exit_usage;
}

}  // namespace

int run_cli(int argc, const char* const* argv, Io& io) {
  CLI::App app("Client-side load balancing by consistent hashing: prove it, change it, explain it.",
               program_name(argc > 0 ? argv[0] : ""));
  app.set_version_flag("--version", version_line());
  app.require_subcommand(1);
  Run chosen;
  add_verbs(app, argc > 1 ? argv[1] : "", chosen);
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
