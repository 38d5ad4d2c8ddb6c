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
#include "tools/logs/logs.hpp"
#include "tools/merge/merge.hpp"
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
  if (first_word == "--version") return;
  const Verb* const named = find_verb(first_word);
  if (named && named->name != "completion") return named->add(app, chosen);
  for (const Verb& verb : verbs) verb.add(app, chosen);
}

// kubectl's flags may stand before the verb, where CLI11 knows none of them: they go behind it. All of them
// but the switches are followed by a value, unless it is attached.
std::vector<std::string> verb_first(int argc, const char* const* argv) {
  std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  auto verb = words.begin();
  while (verb != words.end() && verb->starts_with('-')) {
    const bool short_with_value = !verb->starts_with("--") && verb->size() > 2;
    const bool alone = short_with_value || verb->find('=') != std::string::npos || *verb == "-h" ||
                       *verb == "--help" || *verb == "--version" || *verb == "--insecure-skip-tls-verify";
    verb += alone || verb + 1 == words.end() ? 1 : 2;
  }
  if (verb != words.end()) std::rotate(words.begin(), verb, verb + 1);
  return words;
}

// As a plugin of kubectl it is called by another name.
const char* program_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1) == "kubectl-junction" ? "kubectl junction" : "junctionctl";
}

// CLI11's words for a number that is none, "Could not convert: NAME = TEXT", name neither the fault nor the
// remedy.
std::string in_own_words(std::string_view words) {
  constexpr std::string_view start = "Could not convert: ";
  const std::size_t equals = words.find(" = ");
  if (!words.starts_with(start) || equals == std::string_view::npos) return std::string(words);
  const std::string_view name = words.substr(start.size(), equals - start.size()),
                         text = words.substr(equals + 3);
  const auto only = [text](std::string_view allowed) {
    return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
  };
  const char* const fault = only("-0123456789")    ? "out of range"
                            : only("-.0123456789") ? "not a whole number"
                                                   : "not a number";
  return fmt::format("{} '{}' is {}", name, text, fault);
}

int parse_failed(const CLI::App& app, const CLI::ParseError& error, Io& io) {
  const bool asked_for = error.get_exit_code() == 0;  // --help and --version arrive as exceptions too
  if (asked_for) return app.exit(error, io.out, io.err);
  return fail(io, junction::usage_error(in_own_words(error.what())));
}

int parse_and_run(int argc, const char* const* argv, Io& io) {
  CLI::App app("Client-side load balancing by consistent hashing: prove it, change it, explain it.",
               program_name(argc > 0 ? argv[0] : ""));
  app.set_version_flag("--version", version::version_line());
  app.require_subcommand(1);
  Run chosen;
  std::vector<std::string> words = verb_first(argc, argv);
  const std::string verb = words.empty() ? "" : words.front();
  io.help = fmt::format("{} {}--help", app.get_name(), find_verb(verb) ? verb + " " : "");
  add_verbs(app, verb, chosen);
  try {
    std::reverse(words.begin(), words.end());  // as CLI11 wants them
    app.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    return parse_failed(app, error, io);
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
