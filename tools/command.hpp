#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "tools/io.hpp"

namespace junctionctl {

/// What a verb does once the command line is understood; returns the exit code.
using Run = std::function<int(Io&)>;

/// Registers a verb: adds its subcommand to `app`, binds its options, and stores its Run in `chosen` from the
/// subcommand's callback. CLI11 calls that callback inside parse(), so nothing may run there yet.
using AddCommand = void (*)(CLI::App& app, Run& chosen);

}  // namespace junctionctl
