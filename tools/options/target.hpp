#pragma once

#include <string>
#include <vector>

#include "junction/result.hpp"

namespace junctionctl {

/// A resource as kubectl's users name it: "service/wineinfo-recs", "svc/wineinfo-recs", "deploy
/// wineinfo-recs".
struct Target {
  std::string kind;  ///< service, pod, deployment, statefulset or replicaset; the verb's default where it was
                     ///< left out
  std::string name;
};

/// Reads the words after the verb: KIND/NAME..., KIND NAME..., or NAME... of `default_kind`. Names are
/// checked as the API checks them, so that none can leave its place in a path.
junction::Result<std::vector<Target>> parse_targets(const std::vector<std::string>& words,
                                                    const std::string& default_kind);

/// The one target that a verb takes.
junction::Result<Target> parse_target(const std::vector<std::string>& words, const std::string& default_kind);

}  // namespace junctionctl
