#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "junction/kube/backend.hpp"
#include "junction/kube/config.hpp"
#include "junction/result.hpp"
#include "junction/route.hpp"

namespace junctionctl::explain {

using junction::kube::ServiceObjects;

/// Where Services, slices and routes are looked up: a cluster, or manifests.
class Catalog {
 public:
  virtual ~Catalog() = default;

  /// With the Service, its slices and what may be meant as one. Nothing: there is no such Service here.
  virtual junction::Result<std::optional<ServiceObjects>> find(const junction::ServiceName& name) = 0;
  virtual junction::Result<std::vector<junction::Route>> routes() = 0;

  /// The namespace of names without one.
  [[nodiscard]] virtual std::string namespace_() const = 0;
  /// The Service meant where nobody named one; nothing: it must be named.
  [[nodiscard]] virtual std::optional<junction::ServiceName> only_service() const { return std::nullopt; }
  /// "the cluster", "the manifests": for messages.
  [[nodiscard]] virtual std::string place() const = 0;
  /// Whether it is files, which need not hold all that a cluster does.
  [[nodiscard]] virtual bool is_files() const { return false; }
  /// What could not be looked up, a sentence; empty: nothing that matters.
  [[nodiscard]] virtual std::string gap() const { return {}; }
};

/// Reads manifests as `kubectl get -o yaml` writes them; "-" is standard input. Kinds that say nothing about
/// where requests go are passed over.
junction::Result<std::unique_ptr<Catalog>> read_manifests(const std::vector<std::string>& files,
                                                          const std::string& namespace_);

std::unique_ptr<Catalog> open_cluster(junction::kube::ClusterConfig config);

}  // namespace junctionctl::explain
