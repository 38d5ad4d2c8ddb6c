#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/whatif/joint.hpp"
#include "junction/implementation.hpp"

namespace junction {

/// Two placements laid over each other: where each hash belongs before and after, in one look. Its endpoints
/// are pairs.
struct PairPlacement {
  Placement placement;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;  ///< owners before and after
};

/// Nothing where they are not two rings or two tables of one size.
std::optional<PairPlacement> lay_over(const Side& before, const Side& after);

/// A client that hashes as `base` does and sends each request to its pair, so that all that can be asked of
/// one client can be asked of a change.
class PairImplementation final : public Implementation {
 public:
  /// Both outlive this object.
  PairImplementation(const Implementation& base, const PairPlacement& pairs) : base_(base), pairs_(pairs) {}

  [[nodiscard]] std::string_view name() const override { return base_.name(); }
  [[nodiscard]] std::string_view summary() const override { return base_.summary(); }
  [[nodiscard]] Placement place(std::span<const Endpoint> endpoints,
                                const PlacementOptions& options) const override;
  [[nodiscard]] Result<void> check(std::span<const Endpoint> endpoints,
                                   const PlacementOptions& options) const override;
  [[nodiscard]] std::string entry_bytes(const Endpoint& endpoint, std::uint32_t replica,
                                        const PlacementOptions& options) const override;
  [[nodiscard]] std::optional<std::uint64_t> hash(const Request& request, std::span<const HashParam> params,
                                                  std::vector<HashStep>* steps) const override;
  [[nodiscard]] bool hashes_bare_values(std::span<const HashParam> params) const override;

 private:
  const Implementation& base_;
  const PairPlacement& pairs_;
};

}  // namespace junction
