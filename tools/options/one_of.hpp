#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace junctionctl {

/// For options that take one of a few words: any other is refused with the words that there are, and the one
/// that was probably meant. choices_of() has them for completion.
CLI::Validator one_of(std::vector<std::string> words);

/// The words of an option that takes one_of() them; none for any other.
std::vector<std::string> choices_of(CLI::Option& option);

}  // namespace junctionctl
