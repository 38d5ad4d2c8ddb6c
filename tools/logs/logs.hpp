#pragma once

#include "tools/command.hpp"

namespace junctionctl::logs {

/// junctionctl logs: the logs of a Deployment's pods, or what they say about a query parameter.
void add(CLI::App& app, Run& chosen);

}  // namespace junctionctl::logs
