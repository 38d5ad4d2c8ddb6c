#pragma once

#include <optional>
#include <string>
#include <vector>

#include "junction/kube/backend.hpp"
#include "junction/result.hpp"
#include "junction/routing.hpp"
#include "tools/explain/catalog.hpp"
#include "tools/explain/options.hpp"

namespace junctionctl::explain {

/// The words after the verb, told apart.
struct Targets {
  std::optional<std::string> service;  ///< its name
  std::vector<std::string> urls;
};

junction::Result<Targets> sort_targets(const std::vector<std::string>& words);

/// What is explained: one backend, and where it comes from.
struct Subject {
  std::optional<junction::ServiceName> service;  ///< nothing: endpoints came from flags
  junction::kube::Backend backend;               ///< from flags: only endpoints and policy
  bool from_files = false;                       ///< the Service came from manifests
  junction::RouteWorld world;
  std::vector<std::string> urls;  ///< the targets that are URLs
};

/// Finds the subject: in `catalog` by name, by URL or as the only Service there; --endpoints then stand in
/// for those of its slices. Without a catalog they are all there is. A policy or targetPort that the control
/// plane refuses is no error here: it is what there is to explain.
junction::Result<Subject> find_subject(const Options& options, Targets targets, Catalog* catalog);

}  // namespace junctionctl::explain
