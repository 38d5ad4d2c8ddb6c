#include "tools/generate/client_side_lb.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <ostream>
#include <utility>

#include "junction/url.hpp"
#include "tools/options/cluster.hpp"
#include "tools/options/policy.hpp"
#include "tools/options/target.hpp"

namespace junctionctl::generate {
namespace {

using junction::BackendEndpoints;
using junction::Error;
using junction::ErrorKind;
using junction::Policy;
using junction::Result;
using junction::usage_error;
namespace kube = junction::kube;

Result<Policy> policy_of(const LbOptions& options) {
  if (options.lb.empty())
    return usage_error("--endpoints needs --lb RingHash, RoundRobin, or a policy as JSON");
  if (const auto checked = check_hash_params(options.hash_params); !checked) return checked.error();
  auto policy = parse_policy_argument(options.lb);
  if (!policy) return policy;
  const bool parts = options.min_ring_size || !options.hash_params.empty();
  if (parts && !policy->hashes())
    return usage_error(
        fmt::format("--min-ring-size and --hash-* belong to RingHash, not to --lb {}", options.lb));
  if (options.min_ring_size) policy->min_ring_size = *options.min_ring_size;
  if (!options.hash_params.empty()) policy->hash_params = options.hash_params;
  return policy;
}

}  // namespace

void add_lb_options(CLI::App& verb, LbOptions& options) {
  const char* const group = "Client-side load balancing";
  verb.add_option("--lb", options.lb,
                  "Send straight to this service's pods, chosen as a Junction client does; with --endpoints "
                  "the policy: RingHash, RoundRobin, JSON or @FILE")
      ->group(group);
  verb.add_option("--endpoints", options.endpoints,
                  "Addresses to choose from (ip:port,...), without a cluster")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group(group);
  add_hash_option(verb, "--hash-query", "With --endpoints: hash this query parameter; repeats")->group(group);
  add_hash_option(verb, "--hash-header", "With --endpoints: hash this header; repeats")->group(group);
  verb.add_option("--min-ring-size", options.min_ring_size, "With --endpoints: entries on the ring, at least")
      ->group(group);
  add_cluster_options(verb, options.cluster);
}

Result<std::unique_ptr<ClientSideLb>> ClientSideLb::make(const LbOptions& options, const std::string& url,
                                                         Io& io, Complain complain) {
  auto lb = std::make_unique<ClientSideLb>();
  lb->complain_ = std::move(complain);
  Result<void> result;
  if (!options.endpoints.empty()) {
    result = lb->use_flags(options);
  } else {
    std::uint16_t port = 80;
    if (!url.empty()) {
      const auto parsed = junction::Url::parse(url);
      if (!parsed) return parsed.error();
      port = parsed->port;
    }
    result = lb->use_cluster(options, port, io);
  }
  if (!result) return result.error();
  return lb;
}

Result<void> ClientSideLb::use_flags(const LbOptions& options) {
  auto policy = policy_of(options);
  if (!policy) return policy.error();
  std::vector<junction::Endpoint> endpoints;
  for (const std::string& text : options.endpoints) {
    const auto address = junction::SocketAddress::parse(text);
    if (!address) return Error{ErrorKind::usage, fmt::format("--endpoints: {}", address.error().message)};
    endpoints.push_back({.address = *address});
  }
  host_ = endpoints.front().address.to_string();
  balancer_.update(std::move(endpoints), *std::move(policy));
  return {};
}

Result<void> ClientSideLb::use_cluster(const LbOptions& options, std::uint16_t port, Io& io) {
  if (!options.hash_params.empty() || options.min_ring_size)
    return usage_error(
        "--hash-query, --hash-header and --min-ring-size go with --endpoints; a service has its own policy");
  const auto target = parse_target({options.lb}, "service");
  if (!target) return target.error();
  if (target->kind != "service")
    return usage_error(
        fmt::format("--lb {}: a {} has no load-balancing policy; name a service", options.lb, target->kind));
  const auto config = cluster_config(options.cluster, io);
  if (!config) return config.error();
  kube::Client client(*config);
  const std::string namespace_ = client.namespace_();
  const auto backend = kube::read_backend(client, namespace_, target->name, port);
  if (!backend) return backend.error();
  if (backend->endpoints.endpoints.empty())
    return Error{
        ErrorKind::not_found,
        fmt::format(
            "service/{} has no endpoint on port {} that takes traffic; see junctionctl explain service/{}",
            target->name, port, target->name)};
  balancer_.update(backend->endpoints.endpoints, backend->policy);
  service_ = fmt::format("{}/{}", namespace_, target->name);
  host_ = fmt::format("{}.{}.svc.cluster.local", target->name, namespace_);
  if (port != 80) host_ += fmt::format(":{}", port);
  const auto on_change = [this](const Policy& policy, const BackendEndpoints& now) {
    balancer_.update(now.endpoints, policy);
  };
  const auto on_error = [this](const Error& error) { complain_(error.message); };
  watch_ = std::make_unique<kube::BackendWatch>(*config, namespace_, target->name, port, on_change, on_error);
  return {};
}

}  // namespace junctionctl::generate
