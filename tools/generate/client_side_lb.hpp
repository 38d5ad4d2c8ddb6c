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

namespace junctionctl::generate {

/// The flags of a run that chooses the endpoints itself.
struct LbOptions {
  std::string lb;                      ///< a service; with --endpoints a policy: its type, its JSON, or @FILE
  std::vector<std::string> endpoints;  ///< ip:port; empty: the service's, as the cluster has them
  std::vector<junction::HashParam> hash_params;  ///< in the order of the command line
  std::optional<std::uint32_t> min_ring_size;
  junction::kube::ConfigOptions cluster;

  [[nodiscard]] bool wanted() const { return !lb.empty() || !endpoints.empty(); }
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

  junction::Balancer balancer_;
  std::string host_, service_;
  Complain complain_;
  std::unique_ptr<junction::kube::BackendWatch> watch_;
};

}  // namespace junctionctl::generate
