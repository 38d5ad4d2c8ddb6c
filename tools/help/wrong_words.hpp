#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "junction/result.hpp"

namespace junctionctl::help {

/// Why a command line is wrong, in one line: of several faults the one that was typed first, and what was
/// probably meant. `words` are the command line without the program, the verb first if there is one; `error`
/// is what the parse of them by `app` threw.
junction::Error wrong_words(const CLI::App& app, const std::vector<std::string>& words,
                            const CLI::ParseError& error);

}  // namespace junctionctl::help
