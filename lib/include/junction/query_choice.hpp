#pragma once

#include <cstdint>
#include <vector>

#include "junction/export.hpp"
#include "junction/result.hpp"

namespace junction {

/// Which query request n asks: a pure function of n (and the seed), so that the same seed sends the same
/// requests, whatever the threads, machines and replies do.
class JUNCTION_EXPORT QueryChoice {
 public:
  /// In order, again and again: request n asks query n % count.
  static QueryChoice in_order(std::uint32_t count);

  /// Every query once in each pass, in an order that differs from pass to pass.
  static QueryChoice shuffled(std::uint32_t count, std::uint64_t seed);

  /// Each request draws a query with a probability in proportion to its weight. Fails where a weight is
  /// negative or not a number, or where all are zero.
  static Result<QueryChoice> weighted(const std::vector<double>& weights, std::uint64_t seed);

  /// Weighted by rank: query i (from 0) has weight 1 / (i + 1)^exponent. Fails for an exponent below 0 or
  /// above 10.
  static Result<QueryChoice> zipf(std::uint32_t count, double exponent, std::uint64_t seed);

  /// Index of the query that request `n` asks.
  [[nodiscard]] std::uint32_t query(std::uint64_t n) const;

 private:
  enum class Kind : std::uint8_t { in_order, shuffled, drawn };

  QueryChoice(Kind kind, std::uint32_t count, std::uint64_t seed) : kind_(kind), count_(count), seed_(seed) {}

  Kind kind_;
  std::uint32_t count_;
  std::uint64_t seed_;
  std::vector<double> keep_;          // alias table: the chance that column i stays i ...
  std::vector<std::uint32_t> alias_;  // ... and what it becomes otherwise
};

}  // namespace junction
