#pragma once

#include "tools/command.hpp"

namespace junctionctl {

/// junctionctl scale: sets the number of replicas of a Deployment (StatefulSet, ReplicaSet).
void add_scale(CLI::App& app, Run& chosen);

}  // namespace junctionctl
