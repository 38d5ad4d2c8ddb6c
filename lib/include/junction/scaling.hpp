#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "junction/draws.hpp"
#include "junction/endpoint.hpp"
#include "junction/export.hpp"
#include "junction/impact.hpp"
#include "junction/implementation.hpp"

namespace junction {

/// Endpoints scaled to another number of them, as far as anybody can know: which new addresses will come and
/// which of a Deployment's pods will go, nobody does, so there are several outcomes.
class JUNCTION_EXPORT Scaling {
 public:
  enum class Kind : std::uint8_t {
    known,         ///< one outcome: nothing changes, or a StatefulSet's highest ordinals go
    every_choice,  ///< each choice of those that go, once
    drawn_choices,
    drawn_addresses,
  };

  /// `most` outcomes at most. REQUIRES: known and count are not empty.
  Scaling(std::vector<Endpoint> known, std::size_t count, std::size_t most, std::uint64_t seed);

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] std::size_t outcomes() const { return outcomes_; }
  /// The endpoints of one of them: those that stay in their order, then the new ones.
  [[nodiscard]] std::vector<Endpoint> outcome(std::size_t number) const;

 private:
  std::vector<Endpoint> known_;
  std::size_t count_;
  std::uint64_t seed_;
  Kind kind_ = Kind::known;
  std::size_t outcomes_ = 1;
  std::vector<std::vector<std::uint32_t>> gone_;  ///< of each outcome; empty: nobody goes
};

/// "known", "every_choice", ...
[[nodiscard]] JUNCTION_EXPORT std::string_view scaling_name(Scaling::Kind kind);

/// What scaling moves, over all its outcomes.
struct ScalingImpact {
  std::size_t median = 0;  ///< the outcome that moves as much as the median says
  Spread moved;
  Spread collateral;
  Spread imbalance;  ///< afterwards
};

/// Compares what is before with every outcome.
[[nodiscard]] JUNCTION_EXPORT ScalingImpact scaling_impact(const ImpactSide& before, const Scaling& scaling,
                                                           const Implementation& implementation,
                                                           const PlacementOptions& placement);

}  // namespace junction
