#pragma once

#include "tools/command.hpp"

namespace junctionctl {

/// junctionctl logs: the logs of a Deployment's pods, or what they say about a query parameter.
void add_logs(CLI::App& app, Run& chosen);

}  // namespace junctionctl
