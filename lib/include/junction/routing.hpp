#pragma once

#include <optional>
#include <string>
#include <vector>

#include "junction/derivation.hpp"
#include "junction/export.hpp"
#include "junction/route.hpp"
#include "junction/url.hpp"

namespace junction {

/// What a client knows when it looks a route up.
struct RouteWorld {
  std::vector<Route> routes;
  std::vector<ServiceName> services;  ///< each has its implicit route unless one of `routes` is for it
  NameSearch search;
};

/// A request's way to a backend: route, rule and backend, as far as it got.
struct Routing {
  Derivation steps;
  std::optional<BackendRef> backend;  ///< port filled in; nothing: see failure
  std::string failure;                ///< one line; empty where a backend was found
};

/// Looks up the route of `url`, its first fitting rule, and that rule's backend. Among weighted backends
/// clients choose at random; here the heaviest stands for them, the first of equals, and the BackendStep has
/// all of them.
JUNCTION_EXPORT Routing resolve_route(const RouteWorld& world, const Url& url, const Request& request,
                                      const RegexSearch& regex);

}  // namespace junction
