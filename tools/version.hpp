#pragma once

#include <string>

#include "tools/command.hpp"

namespace junctionctl {

/// "junctionctl 0.1.0"
std::string version_line();

void add_version(CLI::App& app, Run& chosen);

}  // namespace junctionctl
