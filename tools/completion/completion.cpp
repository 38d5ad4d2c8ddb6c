#include "tools/completion/completion.hpp"

#include <fmt/ostream.h>

#include <memory>
#include <ostream>
#include <string>
#include <string_view>

#include "junction/printable.hpp"
#include "tools/completion/candidates.hpp"
#include "tools/completion/names.hpp"
#include "tools/help/help_page.hpp"
#include "tools/options/one_of.hpp"

namespace junctionctl::completion {
namespace {

// Each asks the program itself, with the words up to the cursor: what it knows is complete in every shell.

// bash takes words apart at '=' and ':', so they are taken from the line, and what stands before its own last
// word is taken from the answers.
constexpr std::string_view bash =
    R"script(# bash completion of junctionctl: source <(junctionctl completion bash)
_junctionctl() {
  local line words typed
  read -ra words <<<"${COMP_LINE:0:COMP_POINT}"
  [[ ${COMP_LINE:0:COMP_POINT} != *[[:space:]] ]] || words+=("")
  typed=${words[-1]%"${COMP_WORDS[COMP_CWORD]}"}
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :0) compopt -o default 2>/dev/null ;;
      :*) ;;
      *) line=${line%%$'\t'*} COMPREPLY+=("${line#"$typed"}") ;;
    esac
  done < <("${words[0]}" __complete "${words[@]:1}" 2>/dev/null)
}
complete -F _junctionctl junctionctl
)script";

constexpr std::string_view zsh = R"script(#compdef junctionctl
# zsh completion of junctionctl: source <(junctionctl completion zsh)
_junctionctl() {
  local line files
  local -a candidates
  for line in "${(@f)$($words[1] __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    case $line in
      :0) files=yes ;;
      :*) ;;
      *$'\t'?*) candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
      *) candidates+=("${${line%%$'\t'*}//:/\\:}") ;;
    esac
  done
  (( ! $#candidates )) || _describe -V junctionctl candidates
  [[ -z $files ]] || _files
}
if [[ $funcstack[1] == _junctionctl ]]; then _junctionctl; else compdef _junctionctl junctionctl; fi
)script";

constexpr std::string_view fish =
    R"script(# fish completion of junctionctl: junctionctl completion fish | source
function __junctionctl_complete
    set -l words (commandline -opc)
    set -l program $words[1]
    set -e words[1]
    set -l typed (commandline -ct)
    for line in ($program __complete $words "$typed" 2>/dev/null)
        switch $line
            case ':0'
                __fish_complete_path "$typed"
            case ':*'
            case '*'
                echo $line
        end
    end
end
complete -c junctionctl -f -a '(__junctionctl_complete)'
)script";

constexpr const char* asked = "__complete";

}  // namespace

bool is_asked_for(const std::vector<std::string>& words) {
  return !words.empty() && words.front() == asked;
}

int offer(CLI::App& app, std::vector<std::string> words, Io& io) {
  words.erase(words.begin());
  if (words.empty()) words.emplace_back();
  const Candidates found = candidates(app, words, names_of);
  for (const auto& [text, about] : found.list)
    fmt::print(io.out, "{}{}{}\n", junction::printable(text), about.empty() ? "" : "\t", about);
  fmt::print(io.out, "{}\n", found.files ? ":0" : ":4");
  return 0;
}

void add(CLI::App& app, Run& chosen) {
  CLI::App* const completion = app.add_subcommand("completion", "Print completion for bash, zsh or fish");
  help::describe(*completion, {.usage = "junctionctl completion SHELL",
                               .examples = "source <(junctionctl completion bash)      # in ~/.bashrc\n"
                                           "source <(junctionctl completion zsh)       # in ~/.zshrc\n"
                                           "junctionctl completion fish | source       # in config.fish"});
  const auto shell = std::make_shared<std::string>();
  completion->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->type_name("")
      ->check(one_of({"bash", "zsh", "fish"}));
  completion->callback([&chosen, shell] {
    chosen = [shell](Io& io) {
      io.out << (*shell == "bash" ? bash : *shell == "zsh" ? zsh : fish);
      return 0;
    };
  });
}

}  // namespace junctionctl::completion
