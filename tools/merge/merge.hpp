#pragma once

#include "tools/command.hpp"

namespace junctionctl::merge {

void add(CLI::App& app, Run& chosen);

}  // namespace junctionctl::merge
