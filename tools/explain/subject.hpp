#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "junction/lint.hpp"
#include "junction/result.hpp"
#include "junction/routing.hpp"
#include "junction/service.hpp"
#include "tools/explain/catalog.hpp"
#include "tools/explain/options.hpp"

namespace junctionctl::explain {

/// The words after the verb, told apart.
struct Targets {
  std::optional<std::string> service;  ///< its name
  std::vector<std::string> urls;
};

junction::Result<Targets> sort_targets(const std::vector<std::string>& words);

/// What is explained: one backend's endpoints and policy, and where they come from.
struct Subject {
  std::optional<junction::ServiceName> service;  ///< nothing: endpoints came from flags
  std::uint16_t port = 0;
  std::vector<junction::Endpoint> endpoints;
  std::vector<junction::ExcludedEndpoint> excluded;
  junction::Policy policy;
  std::string policy_source;  ///< "--lb", "annotation junctionlabs.io/backend.lb.80", ...
  std::vector<junction::RefusedAnnotation> refused_annotations;
  std::string refused;                    ///< why the control plane drops this Service; empty: it does not
  std::optional<ServiceObjects> objects;  ///< as read, for lints
  junction::RouteWorld world;
  std::vector<std::string> urls;  ///< the targets that are URLs
};

/// Finds the subject: from --endpoints, from `catalog` (null with --endpoints) by name, by URL or as the only
/// Service there. A policy or targetPort that the control plane refuses is no error here: it is what there is
/// to explain.
junction::Result<Subject> find_subject(const Options& options, Targets targets, Catalog* catalog);

}  // namespace junctionctl::explain
