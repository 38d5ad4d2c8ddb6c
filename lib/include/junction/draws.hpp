#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "junction/endpoint.hpp"
#include "junction/export.hpp"

namespace junction {

/// Endpoints that nobody knows yet: `count` addresses in the network of those that are known, none of them
/// among these and none twice, with the port and weight that are the most common there. The network is the
/// smallest of whole bytes that holds all of them and has room (IPv6: a /64). The same seed and draw give the
/// same endpoints, and the first of them whatever `count` is. REQUIRES: known is not empty.
[[nodiscard]] JUNCTION_EXPORT std::vector<Endpoint> draw_endpoints(std::span<const Endpoint> known,
                                                                   std::size_t count, std::uint64_t seed,
                                                                   std::uint64_t draw);

/// A random order of 0, 1, ... count - 1.
[[nodiscard]] JUNCTION_EXPORT std::vector<std::uint32_t> draw_order(std::size_t count, std::uint64_t seed,
                                                                    std::uint64_t draw);

/// Sets of `count` out of 0, 1, ... of - 1, each in ascending order: every one where there are at most `most`
/// of them, else `most` that are drawn.
[[nodiscard]] JUNCTION_EXPORT std::vector<std::vector<std::uint32_t>> choose_sets(std::size_t count,
                                                                                  std::size_t of,
                                                                                  std::size_t most,
                                                                                  std::uint64_t seed);

/// Whether choose_sets() gives every one there is.
[[nodiscard]] JUNCTION_EXPORT bool all_sets(std::size_t count, std::size_t of, std::size_t most);

/// The endpoints in the order in which a StatefulSet gives them up, the highest ordinal first; nothing where
/// the pods' names are not a StatefulSet's ("web-0", "web-1", ...).
[[nodiscard]] JUNCTION_EXPORT std::optional<std::vector<std::uint32_t>> stateful_order(
    std::span<const Endpoint> endpoints);

/// What several draws gave.
struct Spread {
  double median = 0;  ///< of an even number of them the lower one, so that it is one of them
  double low = 0;
  double high = 0;

  friend bool operator==(const Spread&, const Spread&) = default;
};

/// REQUIRES: values is not empty.
[[nodiscard]] JUNCTION_EXPORT Spread spread_of(std::vector<double> values);

}  // namespace junction
