#include "tools/completion/completion.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace junctionctl::completion {
namespace {

struct VerbWords {
  std::string name;
  std::string description;
  std::vector<std::string> flags;  ///< with their dashes, sorted
};

std::vector<std::string> flags_of(const CLI::App& app) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
    for (const std::string& name : option->get_snames()) flags.push_back("-" + name);
  }
  std::sort(flags.begin(), flags.end());
  return flags;
}

std::vector<VerbWords> verbs_of(const CLI::App& app) {
  std::vector<VerbWords> verbs;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; }))
    verbs.push_back({verb->get_name(), verb->get_description(), flags_of(*verb)});
  return verbs;
}

std::string join(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

// Words at the places that take one: the verb, then its flags; anything else completes to file names.
void write_bash(std::ostream& out, const std::vector<VerbWords>& verbs) {
  std::vector<std::string> names;
  for (const VerbWords& verb : verbs) names.push_back(verb.name);
  fmt::print(out,
             "# bash completion of junctionctl: source <(junctionctl completion bash)\n"
             "_junctionctl() {{\n"
             "  local word=${{COMP_WORDS[COMP_CWORD]}} flags=\n"
             "  if [ \"$COMP_CWORD\" = 1 ]; then\n"
             "    mapfile -t COMPREPLY < <(compgen -W '{} --help --version' -- \"$word\")\n"
             "    return\n"
             "  fi\n"
             "  case ${{COMP_WORDS[1]}} in\n",
             join(names));
  for (const VerbWords& verb : verbs) fmt::print(out, "    {}) flags='{}' ;;\n", verb.name, join(verb.flags));
  fmt::print(out,
             "  esac\n"
             "  [[ $word != -* ]] || mapfile -t COMPREPLY < <(compgen -W \"$flags\" -- \"$word\")\n"
             "}}\n"
             "complete -o default -F _junctionctl junctionctl\n");
}

void write_zsh(std::ostream& out, const std::vector<VerbWords>& verbs) {
  fmt::print(out,
             "#compdef junctionctl\n"
             "# zsh completion of junctionctl: source <(junctionctl completion zsh)\n"
             "_junctionctl() {{\n"
             "  if (( CURRENT == 2 )); then\n"
             "    compadd --");
  for (const VerbWords& verb : verbs) fmt::print(out, " {}", verb.name);
  fmt::print(out, " --help --version\n    return\n  fi\n  case $words[2] in\n");
  for (const VerbWords& verb : verbs)
    fmt::print(out, "    {}) compadd -- {} ;;\n", verb.name, join(verb.flags));
  fmt::print(out, "  esac\n  _files\n}}\ncompdef _junctionctl junctionctl\n");
}

// In single quotes, as fish reads them.
std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') result += '\\';
    result += c;
  }
  return result + "'";
}

void write_fish(std::ostream& out, const std::vector<VerbWords>& verbs) {
  fmt::print(out, "# fish completion of junctionctl: junctionctl completion fish | source\n");
  for (const VerbWords& verb : verbs) {
    fmt::print(out, "complete -c junctionctl -n __fish_use_subcommand -a {} -d {}\n", verb.name,
               quoted(verb.description));
    for (const std::string& flag : verb.flags) {
      const bool is_long = flag.starts_with("--");
      fmt::print(out, "complete -c junctionctl -n '__fish_seen_subcommand_from {}' {} {}\n", verb.name,
                 is_long ? "-l" : "-s", flag.substr(is_long ? 2 : 1));
    }
  }
}

}  // namespace

void add(CLI::App& app, Run& chosen) {
  CLI::App* const completion = app.add_subcommand("completion", "Print completion for bash, zsh or fish");
  const auto shell = std::make_shared<std::string>();
  completion->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  completion->callback([&app, &chosen, shell] {
    chosen = [&app, shell](Io& io) {
      const std::vector<VerbWords> verbs = verbs_of(app);
      if (*shell == "bash") write_bash(io.out, verbs);
      if (*shell == "zsh") write_zsh(io.out, verbs);
      if (*shell == "fish") write_fish(io.out, verbs);
      return 0;
    };
  });
}

}  // namespace junctionctl::completion
