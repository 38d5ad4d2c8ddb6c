#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace junctionctl::help {

/// What --help shows of a verb beyond its description and options.
struct VerbHelp {
  std::string_view usage;     ///< a line a way to call it, each beginning with "junctionctl"
  std::string_view examples;  ///< lines; those that begin with "# " say what the next one is for
};

/// Has `verb` show its help in this suite's form. The texts must outlive it: literals.
void describe(CLI::App& verb, const VerbHelp& help);

/// Whether the word behind an option is its value: not so for switches.
bool takes_value(const CLI::Option& option);

/// The group of options that every verb with a cluster has; it is shown behind all others.
inline constexpr const char* cluster_group = "Cluster options, as kubectl's";

/// How wide lines of --help are at most.
inline constexpr std::size_t page_width = 80;

/// `text` in lines of at most `width` cells, broken at spaces; what has none stays whole.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

}  // namespace junctionctl::help
