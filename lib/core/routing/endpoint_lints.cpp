#include "core/routing/endpoint_lints.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

namespace junction {
namespace {

using Why = ExcludedEndpoint::Why;

/// Endpoints that are left out for one reason.
struct Group {
  const ExcludedEndpoint* first = nullptr;
  std::size_t count = 0;
};

bool same_reason(const ExcludedEndpoint& a, const ExcludedEndpoint& b) {
  return a.why == b.why && a.detail == b.detail && a.type == b.type;
}

std::vector<Group> reasons(std::span<const ExcludedEndpoint> excluded) {
  std::vector<Group> groups;
  for (const ExcludedEndpoint& endpoint : excluded) {
    const auto known = std::find_if(groups.begin(), groups.end(),
                                    [&](const Group& group) { return same_reason(*group.first, endpoint); });
    if (known != groups.end())
      ++known->count;
    else if (groups.size() < 8)  // nobody reads more of them
      groups.push_back({&endpoint, 1});
  }
  return groups;
}

std::optional<Group> of(const LintedBackend& backend, Why why) {
  Group group;
  for (const ExcludedEndpoint& excluded : backend.excluded) {
    if (excluded.why != why) continue;
    if (group.count++ == 0) group.first = &excluded;
  }
  return group.count > 0 ? std::optional(group) : std::nullopt;
}

std::string name_of(const ExcludedEndpoint& excluded) {
  return excluded.pod.empty() ? excluded.address : fmt::format("{} ({})", excluded.address, excluded.pod);
}

constexpr std::string_view no_condition =
    "has no ready condition: Kubernetes counts it as ready, Junction's control plane does not";

// A clause: "10.42.0.17:80 (recs-1) is not serving".
std::string words(const Group& group) {
  const ExcludedEndpoint& first = *group.first;
  if (!first.detail.empty()) return first.detail;
  const std::string who =
      group.count == 1 ? name_of(first) : fmt::format("{} (one of {})", name_of(first), group.count);
  switch (first.why) {
    case Why::no_ready_condition:
      return fmt::format("{} {}", who, no_condition);
    case Why::address_type:
      return fmt::format("{} is in a slice of type {}", who, first.type);
    case Why::bad_address:
      return fmt::format("{} is no address", who);
    default:
      return fmt::format("{} is not serving", who);
  }
}

std::string remedy(const LintedBackend& backend, const ExcludedEndpoint& first) {
  switch (first.why) {
    case Why::no_ready_condition:
      return "set conditions.ready: true";
    case Why::address_type:
      return first.type == "FQDN" ? "list addresses: names in EndpointSlices are not looked up"
                                  : "give the Service an IPv4 family";
    case Why::bad_address:
      return "write addresses of the slice's type, without a port";
    case Why::other_port:
      return backend.implementation->is_junction()
                 ? "let name and targetPort of the Service's port be name and port of the slice's"
                 : "let the Service's port and the slice's have one name";
    case Why::other_namespace:
      return "put both into one namespace";
    case Why::no_service_label:
      return fmt::format("label it kubernetes.io/service-name: {}",
                         backend.service ? backend.service->name : "NAME");
    case Why::endpoints_object:
      return "give its EndpointSlices: kubectl get endpointslices -o yaml";
    case Why::not_serving:
      break;
  }
  return "wait until the Service's pods are ready, or look at why they are not";
}

Lint nothing_listed(const LintedBackend& backend) {
  const std::string code = "no-endpoints";
  if (!backend.service)
    return {code, Severity::error, "no endpoint can take a request", "list at least one address"};
  const std::string name = "service/" + backend.service->name;
  if (backend.slices > 0)
    return {code, Severity::error, fmt::format("the EndpointSlices of {} list no endpoint", name),
            "look at the Service's selector, and whether pods that it selects are running"};
  if (backend.from_files)
    return {code, Severity::info, fmt::format("the files hold no EndpointSlice of {}", name),
            "add them with -f, or addresses with --endpoints, to see where requests go"};
  return {code, Severity::error, fmt::format("the cluster holds no EndpointSlice of {}", name),
          "look at the Service's selector: without one nobody makes EndpointSlices for it"};
}

Lint ipv6_only(const LintedBackend& backend, const Group& group) {
  const bool none = backend.endpoints.empty();
  const std::string seen = fmt::format("{} {} of another type than IPv4, such as {}", group.count,
                                       group.count == 1 ? "address is in a slice" : "addresses are in slices",
                                       name_of(*group.first));
  if (!backend.implementation->is_junction())
    return {"ipv6-only", none ? Severity::error : Severity::info, seen,
            none ? remedy(backend, *group.first)
                 : "clients are taken to use the IPv4 ones: these get no traffic"};
  return {"ipv6-only", none ? Severity::error : Severity::info, seen,
          none ? "Junction's control plane reads IPv4 slices only: " + remedy(backend, *group.first)
               : "Junction's control plane reads IPv4 slices only, so these get no traffic"};
}

void not_ready(const LintedBackend& backend, std::vector<Lint>& lints) {
  if (backend.endpoints.empty()) return;  // then that is what there is to say
  if (const auto group = of(backend, Why::not_serving))
    lints.push_back({"not-ready", Severity::warning,
                     fmt::format("{} of {} endpoints are not serving, such as {}", group->count,
                                 group->count + backend.endpoints.size(), name_of(*group->first)),
                     "their keys move once they serve: wait until all are ready to be sure where keys stay"});
  if (const auto group = of(backend, Why::no_ready_condition))
    lints.push_back({"not-ready", Severity::warning, words(*group), "set conditions.ready: true"});
}

void terminating(const LintedBackend& backend, std::vector<Lint>& lints) {
  const auto draining = std::find_if(backend.endpoints.begin(), backend.endpoints.end(),
                                     [](const Endpoint& endpoint) { return endpoint.terminating; });
  if (draining == backend.endpoints.end()) return;
  lints.push_back({"terminating", Severity::info,
                   fmt::format("{} still serves but is terminating", draining->address.to_string()),
                   "its keys move when it is gone"});
}

void duplicates(const LintedBackend& backend, std::vector<Lint>& lints) {
  std::map<SocketAddress, std::size_t> seen;
  for (const Endpoint& endpoint : backend.endpoints) ++seen[endpoint.address];
  for (const auto& [address, count] : seen) {
    if (count < 2) continue;
    lints.push_back({"duplicate-endpoint", Severity::warning,
                     fmt::format("{} is listed {} times, {} of {} in all", address.to_string(), count,
                                 backend.endpoints.size() - seen.size(), backend.endpoints.size()),
                     "a duplicate shifts every other endpoint's ring entries: list each address once"});
    return;
  }
}

}  // namespace

std::vector<Lint> lint_no_endpoints(const LintedBackend& backend) {
  std::vector<Lint> lints;
  if (const auto group = of(backend, Why::address_type)) lints.push_back(ipv6_only(backend, *group));
  if (!backend.endpoints.empty()) return lints;
  const auto groups = reasons(backend.excluded);
  if (groups.empty()) {
    lints.push_back(nothing_listed(backend));
    return lints;
  }
  std::vector<std::string> clauses;
  for (const Group& group : groups) clauses.push_back(words(group));
  lints.push_back({"no-endpoints", Severity::error,
                   fmt::format("no endpoint can take a request: {}", fmt::join(clauses, "; ")),
                   remedy(backend, *groups.front().first)});
  return lints;
}

std::vector<Lint> lint_each_endpoint(const LintedBackend& backend) {
  std::vector<Lint> lints;
  duplicates(backend, lints);
  not_ready(backend, lints);
  terminating(backend, lints);
  return lints;
}

}  // namespace junction
