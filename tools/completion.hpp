#pragma once

#include "tools/command.hpp"

namespace junctionctl {

void add_completion(CLI::App& app, Run& chosen);

}  // namespace junctionctl
