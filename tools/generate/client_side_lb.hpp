#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "junction/balancer.hpp"
#include "junction/kube/backend_watch.hpp"
#include "junction/kube/config.hpp"
#include "junction/result.hpp"
#include "tools/io.hpp"
#include "tools/options/policy.hpp"

namespace junctionctl::generate {

/// The flags of a run that chooses the endpoints itself.
struct LbOptions {
  PolicyFlags policy;                    ///< --lb is a service; with --endpoints a policy
  std::optional<std::string> endpoints;  ///< a list, or @FILE; none: the service's, as the cluster has them
  junction::kube::ConfigOptions cluster;

  [[nodiscard]] bool wanted() const { return policy.lb || endpoints; }
};

void add_lb_options(CLI::App& verb, LbOptions& options);

using Complain = std::function<void(const std::string& message)>;

/// A Junction client's view of one service while a run lasts: the policy and the endpoints, kept as they
/// change, and the Balancer that picks by them.
class ClientSideLb {
 public:
  /// From the flags, or from the cluster, which is then watched. `url` is what --url says: its port is the
  /// service's; empty: port 80.
  /// While it lasts, `complain` is told what goes wrong with the watch, from another thread.
  static junction::Result<std::unique_ptr<ClientSideLb>> make(const LbOptions& options,
                                                              const std::string& url, Io& io,
                                                              Complain complain);

  [[nodiscard]] const junction::Balancer& balancer() const { return balancer_; }
  /// "wineinfo-recs.default.svc.cluster.local", or the first endpoint.
  [[nodiscard]] const std::string& host() const { return host_; }
  [[nodiscard]] const std::string& service() const { return service_; }

 private:
  junction::Result<void> use_flags(const LbOptions& options);
  junction::Result<void> use_cluster(const LbOptions& options, std::uint16_t port, Io& io);
  void use(const junction::kube::Backend& backend);

  junction::Balancer balancer_;
  std::string host_, service_;
  Complain complain_;
  std::unique_ptr<junction::kube::BackendWatch> watch_;
};

}  // namespace junctionctl::generate
