#pragma once

#include "tools/command.hpp"

namespace junctionctl {

/// junctionctl patch: sets or removes the policy of a Service's port.
void add_patch(CLI::App& app, Run& chosen);

}  // namespace junctionctl
