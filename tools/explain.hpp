#pragma once

#include "tools/command.hpp"

namespace junctionctl {

/// Which endpoint each request goes to, and why.
void add_explain(CLI::App& app, Run& chosen);

}  // namespace junctionctl
