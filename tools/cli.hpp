#pragma once

#include "tools/io.hpp"

namespace junctionctl {

/// The whole program but for the process around it: parses, runs the verb, and returns the exit code.
int run_cli(int argc, const char* const* argv, Io& io);

}  // namespace junctionctl
