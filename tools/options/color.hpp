#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace junctionctl {

/// --color, for wants_colour().
CLI::Option* add_color_option(CLI::App& verb, std::string& when);

}  // namespace junctionctl
