#pragma once

#include "tools/command.hpp"

namespace junctionctl::sandbox {

void add(CLI::App& app, Run& chosen);

}  // namespace junctionctl::sandbox
