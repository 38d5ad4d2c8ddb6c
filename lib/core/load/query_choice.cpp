#include "junction/query_choice.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <numeric>

#include "core/balance/split_mix.hpp"

namespace junction {
namespace {

// A permutation of [0, count) that can be asked for one value at a time: four Feistel rounds over the next
// even number of bits, repeated while the result falls outside. Source: Black, Rogaway, "Ciphers with
// arbitrary finite domains", CT-RSA 2002 (cycle walking).
std::uint32_t permute(std::uint32_t value, std::uint32_t count, std::uint64_t key) {
  const unsigned half = (static_cast<unsigned>(std::bit_width(count - 1U)) + 1) / 2;
  const std::uint64_t mask = (std::uint64_t{1} << half) - 1;
  std::uint64_t x = value;
  do {
    std::uint64_t left = x >> half, right = x & mask;
    for (std::uint64_t round = 0; round < 4; ++round) {
      const std::uint64_t mixed = split_mix(key ^ (right << 3) ^ round) & mask;
      left = std::exchange(right, left ^ mixed);
    }
    x = left << half | right;
  } while (x >= count);
  return static_cast<std::uint32_t>(x);
}

}  // namespace

QueryChoice QueryChoice::in_order(std::uint32_t count) {
  return {Kind::in_order, count, 0};
}

QueryChoice QueryChoice::shuffled(std::uint32_t count, std::uint64_t seed) {
  return {Kind::shuffled, count, seed};
}

// Source: Vose, "A linear algorithm for generating random numbers with a given distribution", IEEE TSE 17
// (1991).
Result<QueryChoice> QueryChoice::weighted(const std::vector<double>& weights, std::uint64_t seed) {
  double sum = 0;
  for (const double weight : weights) {
    if (!(weight >= 0) || std::isinf(weight))
      return Error{ErrorKind::usage, fmt::format("the weight {} is not a number from 0 upwards", weight)};
    sum += weight;
  }
  if (!(sum > 0)) return Error{ErrorKind::usage, "all weights are 0, so no query could be chosen"};
  QueryChoice choice(Kind::drawn, static_cast<std::uint32_t>(weights.size()), seed);
  choice.keep_.resize(weights.size());
  choice.alias_.resize(weights.size());
  std::iota(choice.alias_.begin(), choice.alias_.end(), 0U);
  std::vector<std::uint32_t> small, large;
  for (std::uint32_t i = 0; i < choice.count_; ++i) {
    choice.keep_[i] = weights[i] / sum * choice.count_;
    (choice.keep_[i] < 1 ? small : large).push_back(i);
  }
  while (!small.empty() && !large.empty()) {
    const std::uint32_t low = small.back(), high = large.back();
    small.pop_back();
    choice.alias_[low] = high;
    choice.keep_[high] -= 1 - choice.keep_[low];
    if (choice.keep_[high] < 1) {
      large.pop_back();
      small.push_back(high);
    }
  }
  for (const std::uint32_t rest : small) choice.keep_[rest] = 1;  // what rounding left over
  for (const std::uint32_t rest : large) choice.keep_[rest] = 1;
  return choice;
}

Result<QueryChoice> QueryChoice::zipf(std::uint32_t count, double exponent, std::uint64_t seed) {
  if (!(exponent >= 0 && exponent <= 10))
    return Error{ErrorKind::usage,
                 fmt::format("a Zipf exponent of {} is out of range; use one from 0 to 10", exponent)};
  std::vector<double> weights(count);
  for (std::uint32_t i = 0; i < count; ++i) weights[i] = std::pow(i + 1.0, -exponent);
  return weighted(weights, seed);
}

std::uint32_t QueryChoice::query(std::uint64_t n) const {
  switch (kind_) {
    case Kind::in_order:
      return static_cast<std::uint32_t>(n % count_);
    case Kind::shuffled:
      return count_ == 1
                 ? 0
                 : permute(static_cast<std::uint32_t>(n % count_), count_, split_mix(seed_) + n / count_);
    case Kind::drawn: {
      const double draw = split_mix_unit(split_mix(seed_) + n) * count_;
      const auto column = static_cast<std::uint32_t>(draw);
      return draw - column < keep_[column] ? column : alias_[column];
    }
  }
  return 0;
}

}  // namespace junction
