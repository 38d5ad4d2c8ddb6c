#include "tools/cli.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/command.hpp"
#include "tools/completion/completion.hpp"
#include "tools/exit_code.hpp"
#include "tools/explain/explain.hpp"
#include "tools/fail.hpp"
#include "tools/generate/generate.hpp"
#include "tools/help/help_page.hpp"
#include "tools/help/wrong_words.hpp"
#include "tools/logs/logs.hpp"
#include "tools/merge/merge.hpp"
#include "tools/options/cluster.hpp"
#include "tools/output/door.hpp"
#include "tools/patch/patch.hpp"
#include "tools/sandbox/sandbox.hpp"
#include "tools/scale/scale.hpp"
#include "tools/version/version.hpp"

namespace junctionctl {
namespace {

struct Verb {
  std::string_view name;
  AddCommand add;
};

// The list of verbs, in the order --help shows them. A new verb is one line here, one in CMakeLists.txt.
constexpr Verb verbs[] = {
    {"patch", patch::add},            //
    {"explain", explain::add},        //
    {"generate", generate::add},      //
    {"merge", merge::add},            //
    {"sandbox", sandbox::add},        //
    {"scale", scale::add},            //
    {"logs", logs::add},              //
    {"version", version::add},        //
    {"completion", completion::add},  //
};

const Verb* find_verb(std::string_view name) {
  const auto found =
      std::find_if(std::begin(verbs), std::end(verbs), [&](const Verb& verb) { return verb.name == name; });
  return found == std::end(verbs) ? nullptr : found;
}

// A verb that is named is all that has to be built: two hundred options of the others would cost more than a
// patch may. Completion is made from all of them.
void add_verbs(CLI::App& app, std::string_view first_word, Run& chosen) {
  if (first_word == "--version" || first_word == "-V") return;
  const Verb* const named = find_verb(first_word);
  if (named) return named->add(app, chosen);
  for (const Verb& verb : verbs) verb.add(app, chosen);
}

// Behind the verb, where CLI11 knows kubectl's flags.
std::vector<std::string> verb_first(int argc, const char* const* argv) {
  std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  const auto verb = words.begin() + static_cast<std::ptrdiff_t>(verb_place(words));
  if (verb != words.end()) std::rotate(words.begin(), verb, verb + 1);
  return words;
}

// As a plugin of kubectl it is called by another name.
const char* program_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1) == "kubectl-junction" ? "kubectl junction" : "junctionctl";
}

int parse_failed(const CLI::App& app, const std::vector<std::string>& words, const CLI::ParseError& error,
                 Io& io) {
  const bool asked_for = error.get_exit_code() == 0;  // --help and --version arrive as exceptions too
  if (asked_for) return app.exit(error, io.out, io.err);
  return fail(io, help::wrong_words(app, words, error));
}

// "help", "help patch": what --help says.
void ask_for_help(std::vector<std::string>& words) {
  if (words.empty() || words.front() != "help") return;
  words.erase(words.begin());
  if (words.empty() || !words.front().starts_with('-')) words.push_back("--help");
}

constexpr help::VerbHelp overview{.usage = "junctionctl COMMAND [OPTIONS]", .examples = ""};
constexpr const char* reading_on =
    "junctionctl help COMMAND    shows what a command takes, with examples\n"
    "man junctionctl-COMMAND     is its manual";

int parse_and_run(int argc, const char* const* argv, Io& io) {
  CLI::App app("Client-side load balancing by consistent hashing: prove it, change it, explain it",
               program_name(argc > 0 ? argv[0] : ""));
  app.set_version_flag("-V,--version", version::version_line(), "Print the version");
  help::describe(app, overview);
  app.footer(reading_on);
  app.require_subcommand(1);
  Run chosen;
  std::vector<std::string> words = verb_first(argc, argv);
  ask_for_help(words);
  if (completion::is_asked_for(words)) {
    add_verbs(app, "", chosen);
    return completion::offer(app, std::move(words), io);
  }
  const std::string verb = words.empty() ? "" : words.front();
  io.help = fmt::format("{} {}--help", app.get_name(), find_verb(verb) ? verb + " " : "");
  add_verbs(app, verb, chosen);
  if (words.empty()) {
    io.err << app.help();
    return exit_usage;
  }
  if (!verb.starts_with('-') && !find_verb(verb))
    return fail(io, help::wrong_words(app, words, CLI::ExtrasError(words)));
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // the last first, as CLI11 wants them
  } catch (const CLI::ParseError& error) {
    return parse_failed(app, words, error, io);
  }
  try {
    return chosen(io);
  } catch (const std::exception& error) {  // what still throws here is a bug, or memory ran out
    say(io, fmt::format("internal error: {}", error.what()));
    return exit_failed;
  }
}

}  // namespace

int run_cli(int argc, const char* const* argv, Io& io) {
  GuardedStream out(io.out), err(io.err);
  Io guarded{io.in, out, err, io.in_is_terminal, io.out_is_terminal, io.err_is_terminal};
  return parse_and_run(argc, argv, guarded);
}

}  // namespace junctionctl
