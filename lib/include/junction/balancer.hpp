#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "junction/endpoint.hpp"
#include "junction/export.hpp"
#include "junction/implementation.hpp"
#include "junction/placement.hpp"
#include "junction/policy.hpp"
#include "junction/request.hpp"

namespace junction {

/// Why a pick fell as it did.
enum class PickReason : std::uint8_t {
  ring_hash,     ///< the request's hash met a ring entry
  random,        ///< ring hash, but no policy yielded a value
  round_robin,   ///< the next in turn
  no_endpoints,  ///< nowhere to go
  unknown,       ///< from explain() alone: it depends on what is not known of the request
};

/// Where a request goes.
struct Pick {
  PickReason reason = PickReason::no_endpoints;
  std::uint32_t endpoint = 0;  ///< index into the endpoints in force; meaningless for no_endpoints, unknown
  SocketAddress address;       ///< unset for these two
  std::optional<std::uint64_t> hash;
};

/// A pick and every step that led to it. `entry` is an index into the placement: a ring's entry, whose arc
/// runs from the entry before it, or a table's slot.
struct Explanation {
  Pick pick;
  std::vector<HashStep> steps;
  std::optional<std::size_t> entry;
};

/// All that one decision depends on, as of one update. Immutable.
struct BalancerState {
  std::vector<Endpoint> endpoints;
  Policy policy;
  Placement placement;  ///< empty unless the policy hashes
};

/// The one place that decides which endpoint a request goes to.
///
///   junction::Balancer balancer;
///   balancer.update(endpoints, policy);                      // one thread, whenever they change
///   junction::Pick pick = balancer.pick({.url = "/?query=red"});  // any thread, any time
///
/// pick() and explain() may be called from any number of threads while one other thread updates. They take no
/// lock and see the endpoints, policy and placement of exactly one update. Updates wait for the picks under
/// way, then free the old state; updates from several threads take turns.
class JUNCTION_EXPORT Balancer {
 public:
  struct Options {
    PlacementOptions placement;  ///< min_ring_size is the policy's, whatever stands here
    std::uint64_t seed = 0;      ///< of the random picks; the same seed gives the same picks
  };

  explicit Balancer(const Implementation& implementation = junction_implementation());
  Balancer(const Implementation& implementation, Options options);
  ~Balancer();
  Balancer(const Balancer&) = delete;
  Balancer& operator=(const Balancer&) = delete;

  void set_endpoints(std::vector<Endpoint> endpoints);
  void set_policy(Policy policy);
  void update(std::vector<Endpoint> endpoints, Policy policy);

  [[nodiscard]] Pick pick(const Request& request) const;

  /// The endpoint that a request with this hash goes to; under round robin, the next in turn.
  [[nodiscard]] Pick pick(std::uint64_t hash) const;

  /// Grows with each update, before the update returns. A pick by ring hash that was asked for after reading
  /// it holds for the same request as long as it stays the same, so a caller that repeats its requests need
  /// not ask again.
  [[nodiscard]] std::uint64_t version() const;

  /// What pick() would do and why, without taking a turn of the round robin. Where a hash policy asks for
  /// something that is not known of the request (see Request::recorded), nobody can say: reason unknown.
  [[nodiscard]] Explanation explain(const Request& request) const;
  [[nodiscard]] Explanation explain(std::uint64_t hash) const;

  [[nodiscard]] const Implementation& implementation() const;

  /// A copy of what is in force.
  [[nodiscard]] BalancerState state() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// What a Balancer decides as of one moment, for whoever places the many requests of a file: no lock, and no
/// draw or turn is taken. Immutable, so any thread may ask it.
class JUNCTION_EXPORT BalancerView {
 public:
  explicit BalancerView(const Balancer& balancer);

  /// As Balancer::explain(), but without an endpoint where one would be drawn (PickReason::random) or come in
  /// turn. `with_steps` false: the steps may be left out where nothing follows from them.
  [[nodiscard]] Explanation explain(const Request& request, bool with_steps = true) const;

  /// Whether the hash of a bare value is that of its bytes and 0xFF, see Implementation.
  [[nodiscard]] bool hashes_bare_values() const;

  [[nodiscard]] const BalancerState& state() const { return state_; }

 private:
  const Implementation* implementation_;
  BalancerState state_;
};

}  // namespace junction
