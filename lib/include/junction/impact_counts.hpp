#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "junction/balancer.hpp"
#include "junction/bulk.hpp"
#include "junction/export.hpp"
#include "junction/result.hpp"

namespace junction {

/// Keys and requests that have one endpoint before and one after, the same or another: indexes as in
/// Impact::endpoints; nothing: whichever comes, as no policy yields a value there or it is round robin.
struct ImpactPair {
  std::optional<std::uint32_t> from;
  std::optional<std::uint32_t> to;
  std::uint64_t keys = 0;
  std::uint64_t requests = 0;

  [[nodiscard]] bool moves() const { return from != to || !from; }
};

/// What a change moves of given requests. Sums hold: the pairs' requests are `requests`.
struct ImpactCounts {
  std::vector<ImpactPair> pairs;  ///< in ascending order of (from, to), nothing first
  std::uint64_t requests = 0;
  std::uint64_t keys = 0;  ///< what either side's hash tells apart; none for what neither yields a value for
  bool keys_exact =
      true;  ///< up to 65,536 keys; beyond, estimated from a sample, within 1% two times in three
  std::uint64_t skipped = 0;  ///< lines without a request
  bool stopped = false;       ///< asked to stop before the end
};

/// Counts picks of two balancers for the same requests, in bounded memory. Not thread safe.
class JUNCTION_EXPORT ImpactCounter {
 public:
  ImpactCounter(const BalancerState& before, const BalancerState& after);
  ~ImpactCounter();
  ImpactCounter(ImpactCounter&&) noexcept;
  ImpactCounter& operator=(ImpactCounter&&) noexcept;

  /// One request, as each balancer decides on it.
  void add(const Pick& before, const Pick& after);

  [[nodiscard]] ImpactCounts finish() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Whether count_impact() can: both hash alike, by the same parameters, and are two rings, or two tables of
/// one size. Whether two clients hash alike is asked for; it shows where they have the same code.
[[nodiscard]] JUNCTION_EXPORT bool counts_in_bulk(const Balancer& before, const Balancer& after);

/// The same for whole files of any size, as fast as summarize_requests(): both placements are laid over each
/// other, and each key is placed once. REQUIRES: counts_in_bulk().
JUNCTION_EXPORT Result<ImpactCounts> count_impact(const Balancer& before, const Balancer& after,
                                                  const std::vector<std::string>& paths,
                                                  const BulkOptions& options = {});

}  // namespace junction
