#include "junction/balancer.hpp"

#include <atomic>
#include <utility>

#include "core/balance/request_hash.hpp"
#include "core/balance/snapshot.hpp"
#include "core/balance/split_mix.hpp"

namespace junction {
namespace {

/// Where a hash leads. REQUIRES: a placement that is not empty.
Pick placed(const BalancerState& state, PickReason reason, std::uint64_t at,
            std::optional<std::size_t>* entry) {
  const std::size_t found = state.placement.find(at);
  if (entry) *entry = found;
  const std::uint32_t endpoint = state.placement.endpoint(found);
  return {reason, endpoint, state.endpoints[endpoint].address, at};
}

/// Explains a request under a policy that hashes; `draw` makes the pick where nothing is hashed.
template <typename Draw>
Explanation explained(const BalancerState& state, const Implementation& implementation,
                      const Request& request, bool with_steps, Draw draw) {
  Explanation explanation;
  const auto hash =
      implementation.hash(request, state.policy.hash_params, with_steps ? &explanation.steps : nullptr);
  if (state.placement.empty())
    explanation.pick = {PickReason::no_endpoints, 0, {}, hash};
  else if (any_unknown(explanation.steps))
    explanation.pick = {PickReason::unknown, 0, {}, std::nullopt};
  else
    explanation.pick = hash ? placed(state, PickReason::ring_hash, *hash, &explanation.entry) : draw();
  return explanation;
}

}  // namespace

class Balancer::Impl {
 public:
  Impl(const Implementation& implementation, Options options)
      : implementation_(implementation), options_(options), state_(std::make_unique<BalancerState>()) {}

  void update(std::optional<std::vector<Endpoint>> endpoints, std::optional<Policy> policy) {
    state_.replace([&](const BalancerState& old) {
      auto next = std::make_unique<BalancerState>();
      next->endpoints = endpoints ? std::move(*endpoints) : old.endpoints;
      next->policy = policy ? std::move(*policy) : old.policy;
      PlacementOptions placement = options_.placement;
      placement.min_ring_size = next->policy.min_ring_size;
      if (next->policy.hashes()) next->placement = implementation_.place(next->endpoints, placement);
      return next;
    });
    version_.fetch_add(1);  // after the new state is in force: whoever reads the new number picks from it
  }

  std::uint64_t version() const { return version_.load(); }

  Pick pick(const Request& request) const {
    return state_.read([&](const BalancerState& state) {
      if (!state.policy.hashes()) return round_robin(state, turn_.fetch_add(1, std::memory_order_relaxed));
      return place(state, implementation_.hash(request, state.policy.hash_params), nullptr);
    });
  }

  Pick pick(std::uint64_t hash) const {
    return state_.read([&](const BalancerState& state) {
      if (!state.policy.hashes()) return round_robin(state, turn_.fetch_add(1, std::memory_order_relaxed));
      return place(state, hash, nullptr);
    });
  }

  Explanation explain(const Request& request) const {
    return state_.read([&](const BalancerState& state) {
      if (state.policy.hashes())
        return explained(state, implementation_, request, true, [&] { return drawn(state); });
      Explanation explanation;
      explanation.pick = round_robin(state, turn_.load(std::memory_order_relaxed));
      return explanation;
    });
  }

  Explanation explain(std::uint64_t hash) const {
    return state_.read([&](const BalancerState& state) {
      Explanation explanation;
      explanation.pick = state.policy.hashes() ? place(state, hash, &explanation.entry)
                                               : round_robin(state, turn_.load(std::memory_order_relaxed));
      return explanation;
    });
  }

  const Implementation& implementation() const { return implementation_; }

  BalancerState state() const {
    return state_.read([](const BalancerState& state) { return state; });
  }

 private:
  Pick place(const BalancerState& state, std::optional<std::uint64_t> hash,
             std::optional<std::size_t>* entry) const {
    if (state.placement.empty()) return {PickReason::no_endpoints, 0, {}, hash};
    return hash ? placed(state, PickReason::ring_hash, *hash, entry) : drawn(state);
  }

  Pick drawn(const BalancerState& state) const {
    const std::uint64_t at = split_mix(options_.seed + draw_.fetch_add(1, std::memory_order_relaxed));
    Pick pick = placed(state, PickReason::random, at, nullptr);
    pick.hash.reset();
    return pick;
  }

  static Pick round_robin(const BalancerState& state, std::uint64_t turn) {
    if (state.endpoints.empty()) return {};
    const auto endpoint = static_cast<std::uint32_t>(turn % state.endpoints.size());
    return {PickReason::round_robin, endpoint, state.endpoints[endpoint].address, std::nullopt};
  }

  const Implementation& implementation_;
  const Options options_;
  Snapshot<BalancerState> state_;
  std::atomic<std::uint64_t> version_{0};
  mutable std::atomic<std::uint64_t> turn_{0};  ///< of the round robin
  mutable std::atomic<std::uint64_t> draw_{0};  ///< of the random picks
};

Balancer::Balancer(const Implementation& implementation) : Balancer(implementation, Options{}) {}
Balancer::Balancer(const Implementation& implementation, Options options)
    : impl_(std::make_unique<Impl>(implementation, options)) {}
Balancer::~Balancer() = default;

void Balancer::set_endpoints(std::vector<Endpoint> endpoints) {
  impl_->update(std::move(endpoints), std::nullopt);
}
void Balancer::set_policy(Policy policy) {
  impl_->update(std::nullopt, std::move(policy));
}
void Balancer::update(std::vector<Endpoint> endpoints, Policy policy) {
  impl_->update(std::move(endpoints), std::move(policy));
}

Pick Balancer::pick(const Request& request) const {
  return impl_->pick(request);
}
Pick Balancer::pick(std::uint64_t hash) const {
  return impl_->pick(hash);
}
std::uint64_t Balancer::version() const {
  return impl_->version();
}
Explanation Balancer::explain(const Request& request) const {
  return impl_->explain(request);
}
Explanation Balancer::explain(std::uint64_t hash) const {
  return impl_->explain(hash);
}
const Implementation& Balancer::implementation() const {
  return impl_->implementation();
}
BalancerState Balancer::state() const {
  return impl_->state();
}

BalancerView::BalancerView(const Balancer& balancer)
    : implementation_(&balancer.implementation()), state_(balancer.state()) {}

Explanation BalancerView::explain(const Request& request, bool with_steps) const {
  if (!state_.policy.hashes()) {
    Explanation explanation;
    if (!state_.endpoints.empty()) explanation.pick.reason = PickReason::round_robin;
    return explanation;
  }
  // What is not known of a request shows in the steps.
  const bool may_be_unknown = request.recorded || request.source_ip.empty();
  return explained(state_, *implementation_, request, with_steps || may_be_unknown,
                   [] { return Pick{.reason = PickReason::random, .address = {}, .hash = {}}; });
}

bool BalancerView::hashes_bare_values() const {
  return state_.policy.hashes() && implementation_->hashes_bare_values(state_.policy.hash_params);
}

}  // namespace junction
