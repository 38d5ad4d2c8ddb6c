#pragma once

#include "tools/command.hpp"

namespace junctionctl::patch {

/// junctionctl patch: sets or removes the policy of a Service's port.
void add(CLI::App& app, Run& chosen);

}  // namespace junctionctl::patch
