#pragma once

#include <string>
#include <string_view>

#include "tools/command.hpp"

namespace junctionctl::version {

/// "0.1.0"
std::string_view version_number();

/// "junctionctl 0.1.0"
std::string version_line();

void add(CLI::App& app, Run& chosen);

}  // namespace junctionctl::version
