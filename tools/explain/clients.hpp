#pragma once

#include <memory>
#include <string>
#include <vector>

#include "junction/balancer.hpp"
#include "junction/derivation.hpp"
#include "junction/lint.hpp"
#include "junction/result.hpp"
#include "tools/explain/options.hpp"
#include "tools/explain/subject.hpp"

namespace junctionctl::explain {

/// One kind of client with the subject's endpoints and policy in force.
class Client {
 public:
  Client(const junction::Implementation& implementation, const junction::PlacementOptions& placement,
         const Subject& subject);

  [[nodiscard]] std::string_view name() const { return implementation_->name(); }
  [[nodiscard]] const junction::BalancerState& state() const { return state_; }
  [[nodiscard]] const junction::Balancer& balancer() const { return *balancer_; }
  /// Why this client refuses these endpoints or sizes; empty: it takes them.
  [[nodiscard]] const std::string& refusal() const { return refusal_; }

  /// What the Service has for this client, in force or not: as Junction's control plane reads it, or as
  /// Kubernetes has it.
  [[nodiscard]] const junction::BackendEndpoints& listed() const { return listed_; }
  [[nodiscard]] bool is_junction() const { return implementation_->is_junction(); }

  [[nodiscard]] std::vector<junction::Lint> lint(const Subject& subject) const;

  [[nodiscard]] junction::Derivation derive(const junction::Explanation& explanation, bool hash_given) const;

 private:
  const junction::Implementation* implementation_;
  junction::PlacementOptions placement_;
  junction::BackendEndpoints listed_;
  std::unique_ptr<junction::Balancer> balancer_;
  junction::BalancerState state_;
  std::string refusal_;
};

/// The clients that --impl names: one, or all of them with Junction's own first. One that refuses the
/// endpoints or sizes is an error where it is the only one.
junction::Result<std::vector<Client>> make_clients(const Options& options, const Subject& subject);

/// Why `other` answers a request otherwise than `reference` does, in words; empty where both go to the same
/// endpoint. Both explain the same request.
std::string difference(const junction::Explanation& reference, const junction::Explanation& other);

}  // namespace junctionctl::explain
