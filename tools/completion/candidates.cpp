#include "tools/completion/candidates.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "junction/implementation.hpp"
#include "tools/help/help_page.hpp"
#include "tools/options/cluster.hpp"
#include "tools/options/one_of.hpp"

namespace junctionctl::completion {
namespace {

using Words = std::vector<std::string>;

// The first sentence, or what comes before the details.
std::string in_short(const std::string& words) {
  return words.substr(0, words.find_first_of(":;("));
}

/// Collects what begins with what has been typed.
class Collector {
 public:
  Collector(CLI::App& app, const Words& words, const Names& names)
      : app_(app), words_(words), typed_(words.back()), names_(names) {}

  Candidates take() { return std::move(found_); }

  void verbs() {
    for (const CLI::App* verb : app_.get_subcommands([](const CLI::App*) { return true; }))
      add(verb->get_name(), verb->get_description());
    add("help", "Show what a command takes");
  }

  void flags(CLI::App& app) {
    for (const CLI::Option* option : app.get_options([](const CLI::Option* o) { return o->nonpositional(); }))
      for (const std::string& name : option->get_lnames())
        add("--" + name, in_short(option->get_description()));
  }

  /// Before the verb only the cluster's flags may stand, and those of the program.
  void flags_before_a_verb() {
    flags(app_);
    for (CLI::App* verb : app_.get_subcommands([](CLI::App*) { return true; }))
      if (verb->get_name() == "scale") flags_of_group(*verb, "Cluster");
  }

  /// The value of a flag; `before` is what of the word is no part of it ("--output=").
  void value(CLI::Option& option, const std::string& before) {
    const std::size_t comma = option.get_delimiter() == ',' ? typed_.rfind(',') : std::string::npos;
    const std::string start = comma == std::string::npos ? before : typed_.substr(0, comma + 1);
    for (const std::string& word : choices_of(option)) add(start + word, "");
    const std::string name = option.get_lnames().empty() ? "" : option.get_lnames().front();
    if (name == "impl") {
      for (const auto* client : junction::implementations()) add(start + std::string(client->name()), "");
      add(start + "all", "Each client beside the others");
    }
    if (name == "lb") policy_or_service(option, start);
    if (const auto kind = kind_of(name)) names(*kind, start);
    found_.files = option.get_type_name() == "FILE" && found_.list.empty();
  }

  void argument(CLI::App& verb) {
    const std::string& name = verb.get_name();
    if (name == "patch" || name == "explain") names(NameKind::service, "service/");
    if (name == "scale" || name == "logs") names(NameKind::deployment, "deployment/");
    if (name == "logs" && (typed_.starts_with("pod/") || found_.list.empty())) names(NameKind::pod, "pod/");
    if (name == "completion")
      for (CLI::Option* option : verb.get_options([](CLI::Option* o) { return o->get_positional(); }))
        for (const std::string& word : choices_of(*option)) add(word, "");
    found_.files = name == "merge";
  }

 private:
  void add(const std::string& text, const std::string& words) {
    if (text.starts_with(typed_)) found_.list.push_back({text, words});
  }

  void flags_of_group(CLI::App& verb, std::string_view group) {
    for (const CLI::Option* option : verb.get_options())
      if (option->get_group().starts_with(group))
        for (const std::string& name : option->get_lnames())
          add("--" + name, in_short(option->get_description()));
  }

  void policy_or_service(const CLI::Option& option, const std::string& start) {
    if (option.get_type_name() == "SERVICE") names(NameKind::service, start + "service/");
    for (const char* type : {"RingHash", "RoundRobin", "Unspecified"}) add(start + type, "");
  }

  static std::optional<NameKind> kind_of(const std::string& flag) {
    if (flag == "namespace") return NameKind::namespace_;
    if (flag == "context") return NameKind::context;
    if (flag == "cluster") return NameKind::cluster;
    if (flag == "user") return NameKind::user;
    return std::nullopt;
  }

  void names(NameKind kind, const std::string& start) {
    for (const std::string& name : names_(kind, Words(words_.begin(), words_.end() - 1)))
      add(start + name, "");
  }

  CLI::App& app_;
  const Words& words_;
  const std::string& typed_;
  const Names& names_;
  Candidates found_;
};

CLI::App* verb_called(CLI::App& app, const std::string& name) {
  for (CLI::App* verb : app.get_subcommands([](CLI::App*) { return true; }))
    if (verb->get_name() == name) return verb;
  return nullptr;
}

// The flag whose value the last word is, where the word before is a flag that takes one.
CLI::Option* awaiting(CLI::App& verb, const Words& words) {
  if (words.size() < 2) return nullptr;
  const std::string& before = words[words.size() - 2];
  if (!before.starts_with('-') || before.find('=') != std::string::npos) return nullptr;
  CLI::Option* const option = verb.get_option_no_throw(before);
  return option && help::takes_value(*option) ? option : nullptr;
}

}  // namespace

Candidates candidates(CLI::App& app, const Words& words, const Names& names) {
  Collector collector(app, words, names);
  const std::string& typed = words.back();
  const std::size_t place = verb_place(Words(words.begin(), words.end() - 1));
  CLI::App* const verb = place + 1 < words.size() ? verb_called(app, words[place]) : nullptr;
  CLI::App* const flags = verb ? verb : verb_called(app, "scale");  // for those of the cluster
  if (CLI::Option* const option = flags ? awaiting(*flags, words) : nullptr) {
    collector.value(*option, "");
  } else if (const std::size_t equals = typed.find('=');
             typed.starts_with("--") && equals != std::string::npos) {
    CLI::Option* const attached = flags ? flags->get_option_no_throw(typed.substr(0, equals)) : nullptr;
    if (attached) collector.value(*attached, typed.substr(0, equals + 1));
  } else if (typed.starts_with('-')) {
    verb ? collector.flags(*verb) : collector.flags_before_a_verb();
  } else if (verb) {
    collector.argument(*verb);
  } else if (place + 1 >= words.size() || words[place] == "help") {
    collector.verbs();
  }
  return collector.take();
}

}  // namespace junctionctl::completion
