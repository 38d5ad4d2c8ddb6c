#include "junction/routing.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

namespace junction {
namespace {

std::optional<Route> route_named(const RouteWorld& world, const std::string& host, std::uint16_t port) {
  if (const Route* const route = find_route(world.routes, host, port)) return *route;
  const auto wanted = service_of_host(host);
  if (!wanted) return std::nullopt;
  for (const ServiceName& service : world.services)
    if (service.name == wanted->name && service.namespace_ == wanted->namespace_)
      return implicit_route(service);
  return std::nullopt;
}

std::optional<Route> look_up(const RouteWorld& world, const Url& url, Routing& routing) {
  RouteStep step;
  for (const std::string& host : names_to_try(url.host, world.search)) {
    step.looked_up.push_back(fmt::format("{}:{}", host, url.port));
    const auto route = route_named(world, host, url.port);
    if (!route) continue;
    step.route = fmt::format("{}/{}", route->namespace_, route->name);
    step.implicit = route->implicit;
    routing.steps.emplace_back(std::move(step));
    return route;
  }
  routing.failure =
      fmt::format("no route or Service answers to {} (tried {})", url.host, fmt::join(step.looked_up, ", "));
  return std::nullopt;
}

const RouteRule* choose_rule(const Route& route, const Request& request, const RegexSearch& regex,
                             Routing& routing) {
  RuleStep step{.verdicts = match_rules(route, request, regex), .name = {}};
  if (step.verdicts.empty() || !step.verdicts.back().fits) {
    routing.failure = fmt::format("no rule of route {}/{} fits {} {}", route.namespace_, route.name,
                                  request.method, request.url);
    routing.steps.emplace_back(std::move(step));
    return nullptr;
  }
  const RouteRule& rule = route.rules[step.verdicts.back().rule];
  step.name = rule.name;
  routing.steps.emplace_back(std::move(step));
  return &rule;
}

void choose_backend(const RouteRule& rule, const Url& url, Routing& routing) {
  const auto total = std::accumulate(rule.backends.begin(), rule.backends.end(), std::uint64_t{0},
                                     [](std::uint64_t sum, const BackendRef& b) { return sum + b.weight; });
  if (total == 0) {
    routing.failure = rule.backends.empty() ? "the rule that fits has no backends"
                                            : "the backends of the rule that fits all have weight 0";
    return;
  }
  BackendStep step;
  for (const BackendRef& backend : rule.backends) {
    step.choices.push_back(
        {backend.to_string(url.port), static_cast<double>(backend.weight) / static_cast<double>(total)});
    if (backend.weight > rule.backends[step.chosen].weight) step.chosen = step.choices.size() - 1;
  }
  routing.backend = rule.backends[step.chosen];
  if (routing.backend->port == 0) routing.backend->port = url.port;
  routing.steps.emplace_back(std::move(step));
}

}  // namespace

Routing resolve_route(const RouteWorld& world, const Url& url, const Request& request,
                      const RegexSearch& regex) {
  Routing routing;
  const auto route = look_up(world, url, routing);
  if (!route) return routing;
  if (const RouteRule* const rule = choose_rule(*route, request, regex, routing))
    choose_backend(*rule, url, routing);
  return routing;
}

}  // namespace junction
