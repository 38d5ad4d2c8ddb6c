#pragma once

#include "tools/command.hpp"

namespace junctionctl::completion {

void add(CLI::App& app, Run& chosen);

}  // namespace junctionctl::completion
