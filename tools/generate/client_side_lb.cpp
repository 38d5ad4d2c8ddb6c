#include "tools/generate/client_side_lb.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <ostream>
#include <utility>

#include "junction/endpoint_list.hpp"
#include "junction/route.hpp"
#include "junction/try.hpp"
#include "junction/url.hpp"
#include "tools/options/cluster.hpp"
#include "tools/options/target.hpp"

namespace junctionctl::generate {
namespace {

using junction::Error;
using junction::ErrorKind;
using junction::Result;
using junction::usage_error;
namespace kube = junction::kube;

// Without one endpoint to begin with there is nothing to send to.
Result<void> check_in_force(const kube::Backend& backend) {
  if (!backend.in_force().empty()) return {};
  const std::string& name = backend.service.name;
  if (backend.dropped())
    return Error{ErrorKind::invalid,
                 fmt::format("service/{}: {}; the control plane drops the Service; see junctionctl explain "
                             "service/{}",
                             name, backend.why_dropped(), name)};
  return Error{
      ErrorKind::not_found,
      fmt::format(
          "service/{} has no endpoint on port {} that takes traffic; see junctionctl explain service/{}",
          name, backend.port, name)};
}

}  // namespace

void add_lb_options(CLI::App& verb, LbOptions& options) {
  const char* const group = "Client-side load balancing";
  verb.add_option("--lb", options.policy.lb,
                  "Send straight to this service's pods, chosen as a Junction client does; with --endpoints "
                  "the policy: RingHash, RoundRobin, JSON or @FILE")
      ->group(group);
  verb.add_option("--endpoints", options.endpoints,
                  "Addresses to choose from (ip:port,... or @FILE), without a cluster")
      ->group(group);
  add_hash_option(verb, "--hash-query", "With --endpoints: hash this query parameter; repeats")->group(group);
  add_hash_option(verb, "--hash-header", "With --endpoints: hash this header; repeats")->group(group);
  verb.add_option("--min-ring-size", options.policy.min_ring_size,
                  "With --endpoints: entries on the ring, at least")
      ->group(group);
  add_cluster_options(verb, options.cluster);
}

Result<std::unique_ptr<ClientSideLb>> ClientSideLb::make(const LbOptions& options, const std::string& url,
                                                         Io& io, Complain complain) {
  auto lb = std::make_unique<ClientSideLb>();
  lb->complain_ = std::move(complain);
  Result<void> result;
  if (options.endpoints) {
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
  if (!options.policy.lb)
    return usage_error("--endpoints needs --lb RingHash, RoundRobin, or a policy as JSON");
  JUNCTION_TRY_ASSIGN(auto policy, policy_of_flags(options.policy));
  JUNCTION_TRY_ASSIGN(auto endpoints, junction::read_endpoint_list(*options.endpoints));
  if (endpoints.empty()) return usage_error("--endpoints: there is no address in the list");
  host_ = endpoints.front().address.to_string();
  balancer_.update(std::move(endpoints), std::move(policy));
  return {};
}

Result<void> ClientSideLb::use_cluster(const LbOptions& options, std::uint16_t port, Io& io) {
  if (options.policy.parts())
    return usage_error(
        "--hash-query, --hash-header and --min-ring-size go with --endpoints; a service has its own policy");
  const std::string& lb = *options.policy.lb;
  JUNCTION_TRY_ASSIGN(const auto target, parse_target({lb}, "service"));
  if (target.kind != "service")
    return usage_error(
        fmt::format("--lb {}: a {} has no load-balancing policy; name a service", lb, target.kind));
  JUNCTION_TRY_ASSIGN(const auto config, cluster_config(options.cluster, io));
  kube::Client client(config);
  const std::string namespace_ = client.namespace_();
  JUNCTION_TRY_ASSIGN(const auto backend, kube::read_backend(client, namespace_, target.name, port));
  JUNCTION_TRY(check_in_force(backend));
  use(backend);
  service_ = fmt::format("{}/{}", namespace_, target.name);
  host_ = junction::service_host(target.name, namespace_);
  if (port != 80) host_ += fmt::format(":{}", port);
  const auto on_change = [this](const kube::Backend& now) { use(now); };
  const auto on_error = [this](const Error& error) { complain_(error.message); };
  watch_ = std::make_unique<kube::BackendWatch>(config, namespace_, target.name, port, on_change, on_error);
  return {};
}

void ClientSideLb::use(const kube::Backend& backend) {
  balancer_.update(backend.in_force(), backend.policy);
}

}  // namespace junctionctl::generate
