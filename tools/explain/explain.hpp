#pragma once

#include "tools/command.hpp"

namespace junctionctl::explain {

/// Which endpoint each request goes to, and why.
void add(CLI::App& app, Run& chosen);

}  // namespace junctionctl::explain
