#include "junction/lint.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/routing/endpoint_lints.hpp"
#include "core/routing/share_lints.hpp"

namespace junction {
namespace {

using Lints = std::vector<Lint>;

// What the control plane refuses keeps Junction's clients from any endpoint; others do not notice.
Lint refused(const LintedBackend& backend, const Refusal& refusal) {
  const bool matters = backend.implementation->is_junction();
  const Severity severity = matters ? Severity::error : Severity::info;
  const auto lint = [&](const char* code, std::string evidence, const char* remedy) {
    return Lint{code, severity, std::move(evidence),
                matters
                    ? remedy
                    : "Junction's control plane drops the Service for that; clients of other kinds have it"};
  };
  switch (refusal.kind) {
    case Refusal::Kind::annotation:
      return lint(
          "policy-refused", fmt::format("{}: {}", refusal.key, refusal.reason),
          "the control plane drops the whole Service, every port of it: patch or remove the annotation");
    case Refusal::Kind::service_type:
      return lint("service-type", refusal.reason,
                  "Junction understands ClusterIP and ExternalName: give clients a ClusterIP Service");
    case Refusal::Kind::named_target_port:
      break;
  }
  return lint(
      "named-target-port", refusal.reason,
      "Junction refuses named target ports, and with one of them every port of the Service: write the "
      "container port's number");
}

void annotations_without_port(const LintedBackend& backend, Lints& lints) {
  if (!backend.service) return;
  for (const auto& [key, value] : backend.service->annotations) {
    if (!key.starts_with(Service::policy_prefix)) continue;
    const auto port = Service::policy_port(key);
    if (port && backend.service->find_port(*port)) continue;
    lints.push_back({"policy-on-missing-port", Severity::error,
                     fmt::format("{}, but service/{} has no port {}", key, backend.service->name,
                                 std::string_view(key).substr(Service::policy_prefix.size())),
                     "nobody reads it: patch the port that requests go to, and remove this one"});
  }
}

void hidden_by(const HashParam& param, std::size_t later, Lints& lints) {
  if (!param.terminal) return;
  const bool query = param.type == HashParam::Type::query_param;
  lints.push_back(
      {"terminal-hides", query ? Severity::warning : Severity::info,
       fmt::format("'{}' is terminal, and {} {} after it", param.name, later,
                   later == 1 ? "policy comes" : "policies come"),
       query ? "any URL with a query string ends here, even without the parameter: put it last"
             : "they count only for requests without that header: fine as a fallback, else drop terminal"});
}

void hash_params(const Policy& policy, Lints& lints) {
  if (policy.hash_params.empty())
    lints.push_back({"no-hash-params", Severity::error,
                     "RingHash without hash_params: every request goes to a random endpoint",
                     "name what to hash: --hash-query NAME or --hash-header NAME"});
  for (std::size_t i = 0; i + 1 < policy.hash_params.size(); ++i)
    hidden_by(policy.hash_params[i], policy.hash_params.size() - i - 1, lints);
}

bool is_refused(const LintedBackend& backend, Refusal::Kind kind) {
  return std::any_of(backend.refusals.begin(), backend.refusals.end(),
                     [&](const Refusal& refusal) { return refusal.kind == kind; });
}

void policy(const LintedBackend& backend, Lints& lints) {
  if (backend.policy->hashes()) return hash_params(*backend.policy, lints);
  if (is_refused(backend, Refusal::Kind::annotation)) return;
  lints.push_back({"round-robin", Severity::info,
                   "the policy is not RingHash, so every endpoint sees every key",
                   "junctionctl patch ... --lb RingHash --hash-query NAME keeps a key on one endpoint"});
}

void weights(const LintedBackend& backend, Lints& lints) {
  if (!backend.implementation->is_junction() || same_weights(backend.endpoints)) return;
  const auto odd = std::find_if(backend.endpoints.begin(), backend.endpoints.end(),
                                [](const Endpoint& endpoint) { return endpoint.weight != 1; });
  lints.push_back({"weights-ignored", Severity::warning,
                   fmt::format("{} has weight {}, and Junction gives every endpoint the same share",
                               odd->address.to_string(), odd->weight),
                   "leave weights out, or use a client that knows them (--impl envoy shows the difference)"});
}

void append(Lints& to, Lints from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::info:
      return "info";
    case Severity::warning:
      return "warning";
    case Severity::error:
      break;
  }
  return "error";
}

void sort_by_severity(std::vector<Lint>& lints) {
  std::stable_sort(lints.begin(), lints.end(),
                   [](const Lint& a, const Lint& b) { return a.severity > b.severity; });
}

std::vector<Lint> lint_backend(const LintedBackend& backend) {
  Lints lints;
  for (const Refusal& refusal : backend.refusals) lints.push_back(refused(backend, refusal));
  annotations_without_port(backend, lints);
  append(lints, lint_no_endpoints(backend));
  policy(backend, lints);
  append(lints, lint_each_endpoint(backend));
  if (auto shares = lint_shares(backend)) lints.push_back(std::move(*shares));
  weights(backend, lints);
  sort_by_severity(lints);
  return lints;
}

std::vector<Lint> lint_policy(const Policy& policy) {
  Lints lints;
  if (!policy.hashes()) return lints;
  hash_params(policy, lints);
  if (policy.min_ring_size == 0)
    lints.push_back(
        {"ring-below-endpoints", Severity::warning,
         "min_ring_size 0 is below any number of endpoints: one entry each, and very uneven shares",
         fmt::format("set --min-ring-size to {} or more", Policy::default_min_ring_size)});
  sort_by_severity(lints);
  return lints;
}

}  // namespace junction
