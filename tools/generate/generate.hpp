#pragma once

#include "tools/command.hpp"

namespace junctionctl::generate {

void add(CLI::App& app, Run& chosen);

}  // namespace junctionctl::generate
