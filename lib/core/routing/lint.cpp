#include "junction/lint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "junction/ascii.hpp"

namespace junction {
namespace {

constexpr double uneven = 0.20;  // how far a share may be off the mean share, as part of it

/// Looks at one backend, a check a member; each adds what it finds.
class Checks {
 public:
  explicit Checks(const LintedBackend& backend) : backend_(backend) {}

  void refused_annotations() {
    for (const RefusedAnnotation& refused : backend_.refused)
      add("policy-refused", Severity::error, fmt::format("{}: {}", refused.key, refused.why),
          "the control plane drops the whole Service, every port of it: patch or remove the annotation");
  }

  void annotations_without_port() {
    static constexpr std::string_view prefix = "junctionlabs.io/backend.lb.";
    if (!backend_.service) return;
    for (const auto& [key, value] : backend_.service->annotations) {
      if (!key.starts_with(prefix)) continue;
      const std::string_view digits = std::string_view(key).substr(prefix.size());
      const auto port = whole_number<std::uint16_t>(digits);
      if (port && backend_.service->find_port(*port)) continue;
      add("policy-on-missing-port", Severity::error,
          fmt::format("{}, but service/{} has no port {}", key, backend_.service->name, digits),
          "nobody reads it: patch the port that requests go to, and remove this one");
    }
  }

  void service_shape() {
    if (!backend_.service) return;
    const Service& service = *backend_.service;
    if (service.type != "ClusterIP" && service.type != "ExternalName")
      add("service-type", Severity::error,
          fmt::format("service/{} is of type {}", service.name, service.type),
          "Junction understands ClusterIP and ExternalName: give clients a ClusterIP Service");
    const auto port = service.find_port(backend_.port);
    const auto* const name = port ? std::get_if<std::string>(&port->target_port) : nullptr;
    if (name)
      add("named-target-port", Severity::error,
          fmt::format("port {} of service/{} has the targetPort '{}'", backend_.port, service.name, *name),
          "Junction refuses named target ports: write the container port's number");
  }

  void no_endpoints() {
    const auto other_family = count_excluded(ExcludedEndpoint::Why::address_type);
    if (other_family > 0)
      add("ipv6-only", backend_.endpoints.empty() ? Severity::error : Severity::info,
          fmt::format("{} addresses are in slices of another type than IPv4, such as {}", other_family,
                      first_excluded(ExcludedEndpoint::Why::address_type)),
          backend_.endpoints.empty()
              ? "Junction's control plane reads IPv4 slices only: give the Service an IPv4 family"
              : "Junction's control plane reads IPv4 slices only, so these get no traffic");
    if (backend_.endpoints.empty())
      add("no-endpoints", Severity::error, "no endpoint can take a request",
          "look at the Service's selector, and whether its pods are ready");
  }

  void not_ready() {
    const auto count = count_excluded(ExcludedEndpoint::Why::not_serving);
    if (count > 0)
      add("not-ready", Severity::warning,
          fmt::format("{} of {} endpoints are not serving, such as {}", count,
                      count + backend_.endpoints.size(), first_excluded(ExcludedEndpoint::Why::not_serving)),
          "their keys move once they serve: wait until all are ready to be sure where keys stay");
    const auto draining = std::find_if(backend_.endpoints.begin(), backend_.endpoints.end(),
                                       [](const Endpoint& endpoint) { return endpoint.terminating; });
    if (draining != backend_.endpoints.end())
      add("terminating", Severity::info,
          fmt::format("{} still serves but is terminating", draining->address.to_string()),
          "its keys move when it is gone");
  }

  void duplicates() {
    std::map<SocketAddress, std::size_t> seen;
    for (const Endpoint& endpoint : backend_.endpoints) ++seen[endpoint.address];
    for (const auto& [address, count] : seen)
      if (count > 1) {
        add("duplicate-endpoint", Severity::warning,
            fmt::format("{} is listed {} times, {} of {} in all", address.to_string(), count,
                        backend_.endpoints.size() - seen.size(), backend_.endpoints.size()),
            "a duplicate shifts every other endpoint's ring entries: list each address once");
        return;
      }
  }

  void policy() {
    const Policy& policy = *backend_.policy;
    if (!policy.hashes()) {
      if (!backend_.refused.empty()) return;
      add("round-robin", Severity::info, "the policy is not RingHash, so every endpoint sees every key",
          "junctionctl patch ... --lb RingHash --hash-query NAME keeps a key on one endpoint");
      return;
    }
    if (policy.hash_params.empty())
      add("no-hash-params", Severity::error,
          "RingHash without hash_params: every request goes to a random endpoint",
          "name what to hash: --hash-query NAME or --hash-header NAME");
    for (std::size_t i = 0; i + 1 < policy.hash_params.size(); ++i)
      hidden_by(policy.hash_params[i], policy.hash_params.size() - i - 1);
  }

  void sizes() {
    const Policy& policy = *backend_.policy;
    if (!policy.hashes() || backend_.endpoints.size() < 2) return;
    if (policy.min_ring_size < backend_.endpoints.size())
      add("ring-below-endpoints", Severity::warning,
          fmt::format("min_ring_size {} is below the {} endpoints", policy.min_ring_size,
                      backend_.endpoints.size()),
          fmt::format("set --min-ring-size to {} or more", suggestion()));
    else if (const Farthest far = farthest_of(*backend_.placement); far.off > uneven && same_weights())
      add("uneven-shares", Severity::warning,
          fmt::format("{0} has {1:.{5}f}% of the hash space where {2:.{5}f}% is fair, with {3} entries for "
                      "{4} endpoints",
                      backend_.endpoints[far.endpoint].address.to_string(), 100 * far.share,
                      100.0 / static_cast<double>(backend_.endpoints.size()), backend_.placement->size(),
                      backend_.endpoints.size(), backend_.endpoints.size() > 100 ? 2 : 1),
          fmt::format("set --min-ring-size to {} or more", suggestion()));
  }

  void weights() {
    if (!backend_.implementation->name().starts_with("junction") || same_weights()) return;
    const auto odd = std::find_if(backend_.endpoints.begin(), backend_.endpoints.end(),
                                  [](const Endpoint& endpoint) { return endpoint.weight != 1; });
    add("weights-ignored", Severity::warning,
        fmt::format("{} has weight {}, and Junction gives every endpoint the same share",
                    odd->address.to_string(), odd->weight),
        "leave weights out, or use a client that knows them (--impl envoy shows the difference)");
  }

  std::vector<Lint> finish() && {
    sort_by_severity(lints_);
    return std::move(lints_);
  }

 private:
  void add(std::string code, Severity severity, std::string evidence, std::string remedy) {
    lints_.push_back({std::move(code), severity, std::move(evidence), std::move(remedy)});
  }

  void hidden_by(const HashParam& param, std::size_t later) {
    if (!param.terminal) return;
    const bool query = param.type == HashParam::Type::query_param;
    add("terminal-hides", query ? Severity::warning : Severity::info,
        fmt::format("'{}' is terminal, and {} {} after it", param.name, later,
                    later == 1 ? "policy comes" : "policies come"),
        query ? "any URL with a query string ends here, even without the parameter: put it last"
              : "they count only for requests without that header: fine as a fallback, else drop terminal");
  }

  [[nodiscard]] std::size_t count_excluded(ExcludedEndpoint::Why why) const {
    return static_cast<std::size_t>(std::count_if(backend_.excluded.begin(), backend_.excluded.end(),
                                                  [&](const ExcludedEndpoint& e) { return e.why == why; }));
  }

  [[nodiscard]] std::string first_excluded(ExcludedEndpoint::Why why) const {
    for (const ExcludedEndpoint& excluded : backend_.excluded)
      if (excluded.why == why)
        return excluded.pod.empty() ? excluded.address
                                    : fmt::format("{} ({})", excluded.address, excluded.pod);
    return {};
  }

  [[nodiscard]] bool same_weights() const {
    return std::all_of(backend_.endpoints.begin(), backend_.endpoints.end(),
                       [](const Endpoint& endpoint) { return endpoint.weight <= 1; });
  }

  // The endpoint whose share is farthest off the mean, and by which part of the mean it is.
  struct Farthest {
    std::size_t endpoint = 0;
    double share = 0;
    double off = 0;
  };
  [[nodiscard]] Farthest farthest_of(const Placement& placement) const {
    const auto shares = placement.shares(backend_.endpoints.size());
    Farthest farthest;
    if (placement.empty()) return farthest;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      const double off = std::abs(shares[i] * static_cast<double>(shares.size()) - 1);
      if (off > farthest.off) farthest = {i, shares[i], off};
    }
    return farthest;
  }

  // The smallest power of two whose ring is even enough, found by building it; at most 2^17.
  [[nodiscard]] std::uint32_t suggestion() const {
    constexpr std::uint32_t largest = 1U << 17;
    std::uint32_t size = 1024;
    while (size < backend_.endpoints.size() * 64 && size < largest) size *= 2;
    for (PlacementOptions options = backend_.options; size < largest; size *= 2) {
      options.min_ring_size = size;
      if (farthest_of(backend_.implementation->place(backend_.endpoints, options)).off <= uneven) break;
    }
    return size;
  }

  const LintedBackend& backend_;
  std::vector<Lint> lints_;
};

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
  Checks checks(backend);
  checks.refused_annotations();
  checks.annotations_without_port();
  checks.service_shape();
  checks.no_endpoints();
  checks.policy();
  checks.duplicates();
  checks.sizes();
  checks.weights();
  checks.not_ready();
  return std::move(checks).finish();
}

}  // namespace junction
