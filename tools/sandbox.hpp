#pragma once

#include "tools/command.hpp"

namespace junctionctl {

void add_sandbox(CLI::App& app, Run& chosen);

}  // namespace junctionctl
