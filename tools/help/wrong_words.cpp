#include "tools/help/wrong_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "junction/closest_word.hpp"
#include "tools/help/help_page.hpp"

namespace junctionctl::help {
namespace {

using junction::usage_error;
using Words = std::vector<std::string>;

std::string value_name(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  return type.empty() ? std::string() : ": " + type;
}

// CLI11's words for a number that is none, "Could not convert: NAME = TEXT", name neither the fault nor the
// remedy.
std::string no_number(std::string_view name, std::string_view text) {
  const auto only = [text](std::string_view allowed) {
    return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
  };
  const char* const fault = only("-0123456789")    ? "out of range"
                            : only("-.0123456789") ? "not a whole number"
                                                   : "not a number";
  return fmt::format("{} '{}' is {}", name, text, fault);
}

std::string in_own_words(std::string_view words) {
  constexpr std::string_view start = "Could not convert: ";
  if (const std::size_t equals = words.find(" = ");
      words.starts_with(start) && equals != std::string_view::npos)
    return no_number(words.substr(start.size(), equals - start.size()), words.substr(equals + 3));
  constexpr std::string_view missing = " is required";
  if (words.ends_with(missing))
    return fmt::format("{} is missing", words.substr(0, words.size() - missing.size()));
  return std::string(words);
}

std::vector<std::string> flags_of(const CLI::App& app) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
  return flags;
}

const CLI::App* verb_of(const CLI::App& app, const Words& words) {
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; }))
    if (!words.empty() && verb->get_name() == words.front()) return verb;
  return nullptr;
}

/// Follows the words of a verb as CLI11 does: which are flags, which their values, which arguments.
class Walk {
 public:
  explicit Walk(const CLI::App& verb) : verb_(verb) {}

  /// What is wrong with the first flag that is; empty where all are known and have their values.
  std::string first_fault(const Words& words) {
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (words[i] == "--") break;
      if (words[i].size() < 2 || words[i][0] != '-') continue;
      const CLI::Option* const option = words[i][1] == '-' ? long_flag(words[i]) : short_flags(words[i]);
      if (!fault_.empty()) return fault_;
      if (!option) continue;  // nothing is to follow
      if (++i == words.size()) return fmt::format("{} needs a value{}", words[i - 1], value_name(*option));
    }
    return {};
  }

 private:
  // Both return the option whose value is the next word, if any is.
  const CLI::Option* long_flag(const std::string& word) {
    const std::size_t equals = std::min(word.find('='), word.size());
    const std::string name = word.substr(0, equals);
    const CLI::Option* const option = verb_.get_option_no_throw(name);
    if (!option) {
      fault_ = fmt::format("unknown flag '{}'{}", name, junction::did_you_mean(name, flags_of(verb_)));
      return nullptr;
    }
    return takes_value(*option) && equals == word.size() ? option : nullptr;
  }

  const CLI::Option* short_flags(const std::string& word) {
    for (std::size_t i = 1; i < word.size(); ++i) {
      const std::string name{'-', word[i]};
      const CLI::Option* const option = verb_.get_option_no_throw(name);
      if (!option) {
        const bool one_dash = word.size() > 2;  // -port
        fault_ = fmt::format("unknown flag '{}'{}", one_dash ? word : name,
                             one_dash ? junction::did_you_mean("-" + word, flags_of(verb_)) : "");
        return nullptr;
      }
      if (takes_value(*option)) return i + 1 == word.size() ? option : nullptr;
    }
    return nullptr;
  }

  const CLI::App& verb_;
  std::string fault_;
};

std::string without_verb(const CLI::App& app, const Words& words) {
  const std::string& first = words.front();
  if (!first.starts_with('-')) {
    Words verbs{"help"};
    for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; }))
      verbs.push_back(verb->get_name());
    return fmt::format("unknown command '{}'{}", first, junction::did_you_mean(first, verbs));
  }
  const std::string name = first.substr(0, first.find('='));
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; }))
    if (verb->get_option_no_throw(name)) return fmt::format("{} is there, but no command", name);
  return fmt::format("unknown flag '{}'{}", name, junction::did_you_mean(name, flags_of(app)));
}

}  // namespace

junction::Error wrong_words(const CLI::App& app, const Words& words, const CLI::ParseError& error) {
  const CLI::App* const verb = verb_of(app, words);
  if (!verb) return usage_error(words.empty() ? "no command is named" : without_verb(app, words));
  if (std::string fault = Walk(*verb).first_fault(words); !fault.empty())
    return usage_error(std::move(fault));
  const auto extra = verb->remaining();
  if (dynamic_cast<const CLI::ExtrasError*>(&error) && !extra.empty())
    return usage_error(fmt::format("{} takes no argument '{}'", verb->get_name(), extra.front()));
  return usage_error(in_own_words(error.what()));
}

}  // namespace junctionctl::help
