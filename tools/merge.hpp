#pragma once

#include "tools/command.hpp"

namespace junctionctl {

void add_merge(CLI::App& app, Run& chosen);

}  // namespace junctionctl
