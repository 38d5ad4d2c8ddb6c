#pragma once

#include "tools/command.hpp"

namespace junctionctl::scale {

/// junctionctl scale: sets the number of replicas of a Deployment (StatefulSet, ReplicaSet).
void add(CLI::App& app, Run& chosen);

}  // namespace junctionctl::scale
