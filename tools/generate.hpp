#pragma once

#include "tools/command.hpp"

namespace junctionctl {

void add_generate(CLI::App& app, Run& chosen);

}  // namespace junctionctl
