#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "junction/balancer.hpp"
#include "junction/export.hpp"
#include "junction/implementation.hpp"
#include "junction/policy.hpp"
#include "junction/route.hpp"

namespace junction {

/// The steps from a request to its endpoint, in the order a client takes them. They are data: writers turn
/// them into words, JSON or YAML, and all of them show the same.
struct RouteStep {
  std::vector<std::string> looked_up;  ///< host:port names tried, the last one is the route's
  std::string route;                   ///< namespace/name
  bool implicit = false;
};

struct RuleStep {
  std::vector<RuleVerdict> verdicts;  ///< the rules passed over, then the one that fits
  std::string name;                   ///< of the rule that fits; may be empty
};

struct BackendStep {
  struct Choice {
    std::string backend;
    double share = 0;  ///< of the requests, by weight
  };
  std::vector<Choice> choices;
  std::size_t chosen = 0;
};

struct PolicyStep {
  Policy policy;
  std::string source;  ///< where it was read, for people: "annotation junctionlabs.io/backend.lb.80"
};

struct HashedStep {
  std::uint64_t hash = 0;
  bool given = false;  ///< the hash was the question, nothing was derived
};

struct EntryStep {
  std::size_t index = 0;  ///< into the sorted ring
  std::size_t ring_size = 0;
  RingEntry entry;
  std::string bytes;  ///< what was hashed for this entry
  std::string address;
  std::string pod;
  /// The arc of hashes that meet this entry: (arc_after, arc_to], on round through zero where arc_to is the
  /// smaller.
  std::uint64_t arc_after = 0;
  std::uint64_t arc_to = 0;
  double arc_share = 0;  ///< of the hash space
  bool beyond = false;   ///< the hash lies beyond the last entry of the ring
};

struct SlotStep {
  std::size_t slot = 0;  ///< hash modulo table size
  std::size_t table_size = 0;
  std::string address;
  std::string pod;
};

/// No ring entry was met.
struct UnplacedStep {
  PickReason reason = PickReason::random;
};

using Step = std::variant<RouteStep, RuleStep, BackendStep, PolicyStep, HashStep, HashedStep, EntryStep,
                          SlotStep, UnplacedStep>;
using Derivation = std::vector<Step>;

/// The steps that choosing an endpoint took: hash policies, the hash, and the entry or slot met or why none
/// was. `explanation` must come from a balancer of this implementation in the state `state`.
JUNCTION_EXPORT Derivation derive(const Explanation& explanation, const BalancerState& state,
                                  const Implementation& implementation, const PlacementOptions& options,
                                  bool hash_given);

}  // namespace junction
