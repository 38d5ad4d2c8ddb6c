#include "tools/help/help_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace junctionctl::help {
namespace {

constexpr std::size_t column = 28;  // where descriptions begin

// As a plugin the program is called by another name.
std::string lines_for(std::string_view lines, const std::string& program) {
  constexpr std::string_view usual = "junctionctl ";
  std::string text;
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    std::string line(lines.substr(0, end));
    if (line.starts_with(usual)) line = program + line.substr(usual.size() - 1);
    text += fmt::format("  {}\n", line);
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return text;
}

std::string entry(const std::string& name, const std::string& description) {
  std::string text = "  " + name;
  bool fits = text.size() + 2 <= column;
  for (const std::string& line : wrapped(description, page_width - column)) {
    if (!fits) text += '\n';
    text.append(fits ? column - text.size() : column, ' ');
    text += line;
    fits = false;
  }
  return text + '\n';
}

// CLI11's names for what nobody named.
std::string value_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  if (type == "INT" || type == "UINT" || type == "FLOAT") return "N";
  return type == "TEXT" ? "VALUE" : type;
}

// "-o, --output FORMAT", long names under each other.
std::string names_of(const CLI::Option& option) {
  std::string names;
  for (const std::string& name : option.get_snames())
    names += fmt::format("{}-{}", names.empty() ? "" : ", ", name);
  if (names.empty()) names = "   ";
  for (const std::string& name : option.get_lnames())
    names += fmt::format("{}--{}", names == "   " ? " " : ", ", name);
  const std::string value = takes_value(option) ? value_of(option) : "";
  return value.empty() ? names : fmt::format("{} {}", names, value);
}

std::string words_of(const CLI::Option& option) {
  std::string words = option.get_description();
  if (option.get_required()) words += " (required)";
  const std::string value = option.get_default_str();
  if (!value.empty() && words.find("default") == std::string::npos)
    words += fmt::format(" (default {})", value);
  return words;
}

std::string arguments(const CLI::App& app) {
  std::string text;
  for (const CLI::Option* option : app.get_options([](const CLI::Option* o) { return o->get_positional(); }))
    text += entry(option->get_name(true, false), words_of(*option));
  return text.empty() ? text : "\nArguments:\n" + text;
}

std::string group(const CLI::App& app, const std::string& name) {
  std::string text;
  for (const CLI::Option* option :
       app.get_options([&](const CLI::Option* o) { return o->get_group() == name; }))
    if (option->nonpositional() && option != app.get_help_ptr())
      text += entry(names_of(*option), words_of(*option));
  if (name == "Options" && app.get_help_ptr()) text += entry("-h, --help", "Show this help");
  return text.empty() ? text : fmt::format("\n{}:\n{}", name, text);
}

std::string commands(const CLI::App& app) {
  std::string text;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; }))
    text += fmt::format("  {:<12}{}\n", verb->get_name(), verb->get_description());
  return text.empty() ? text : "\nCommands:\n" + text;
}

class HelpPage final : public CLI::FormatterBase {
 public:
  explicit HelpPage(const VerbHelp& help) : help_(help) {}

  std::string make_help(const CLI::App* app, std::string, CLI::AppFormatMode) const override {
    const CLI::App* const root = app->get_parent() ? app->get_parent() : app;
    const std::string program = root->get_name();
    std::string text;
    for (const std::string& line : wrapped(app->get_description() + ".", page_width)) text += line + '\n';
    text += "\nUsage:\n" + lines_for(help_.usage, program);
    if (!help_.examples.empty()) text += "\nExamples:\n" + lines_for(help_.examples, program);
    text += commands(*app) + arguments(*app);
    std::vector<std::string> groups = app->get_groups();
    std::stable_partition(groups.begin(), groups.end(),
                          [](const auto& name) { return name != cluster_group; });
    for (const std::string& name : groups) text += group(*app, name);
    if (app == root && !app->get_footer().empty()) text += '\n' + lines_for(app->get_footer(), program);
    return text;
  }

 private:
  const VerbHelp help_;
};

}  // namespace

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    std::size_t end = text.size();
    if (end > width) {
      end = text.rfind(' ', width);
      if (end == std::string_view::npos) end = std::min(text.find(' '), text.size());
    }
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool takes_value(const CLI::Option& option) {
  return option.get_items_expected_min() > 0;
}

void describe(CLI::App& verb, const VerbHelp& help) {
  verb.formatter(std::make_shared<HelpPage>(help));
}

}  // namespace junctionctl::help
