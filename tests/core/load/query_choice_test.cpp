#include "junction/query_choice.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

using junction::QueryChoice;

namespace {

std::vector<double> shares(const QueryChoice& choice, std::size_t count, std::uint64_t requests) {
  std::vector<double> shares(count);
  for (std::uint64_t n = 0; n < requests; ++n) shares[choice.query(n)] += 1.0 / static_cast<double>(requests);
  return shares;
}

}  // namespace

TEST_CASE("in order means in order") {
  const QueryChoice choice = QueryChoice::in_order(3);
  for (std::uint64_t n = 0; n < 9; ++n) CHECK(choice.query(n) == n % 3);
}

TEST_CASE("a shuffled pass asks every query once, and passes differ") {
  for (const std::uint32_t count : {1U, 2U, 3U, 10U, 64U, 65U, 1000U}) {
    CAPTURE(count);
    const QueryChoice choice = QueryChoice::shuffled(count, 42);
    std::vector<std::vector<std::uint32_t>> passes;
    for (std::uint64_t pass = 0; pass < 4; ++pass) {
      std::set<std::uint32_t> seen;
      passes.emplace_back();
      for (std::uint64_t i = 0; i < count; ++i) {
        passes.back().push_back(choice.query(pass * count + i));
        seen.insert(passes.back().back());
      }
      CHECK(seen.size() == count);
      CHECK(*seen.rbegin() == count - 1);
    }
    if (count >= 10) {
      CHECK(passes[0] != passes[1]);
      CHECK_FALSE(std::is_sorted(passes[0].begin(), passes[0].end()));
      CHECK(choice.query(1) == QueryChoice::shuffled(count, 42).query(1));
      bool differs = false;
      for (std::uint64_t n = 0; n < count; ++n)
        differs |= choice.query(n) != QueryChoice::shuffled(count, 43).query(n);
      CHECK(differs);
    }
  }
}

TEST_CASE("weights are kept to within what chance allows") {
  const std::vector<double> weights = {5, 0, 3, 2, 90};
  const auto choice = QueryChoice::weighted(weights, 1);
  REQUIRE(choice.ok());
  const std::vector<double> got = shares(*choice, weights.size(), 200'000);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double share = weights[i] / 100;
    CHECK(std::abs(got[i] - share) <= 5 * std::sqrt(share * (1 - share) / 200'000));
  }
  CHECK(got[1] == 0);
}

TEST_CASE("Zipf's law: the share of rank r is r to the minus exponent") {
  const auto choice = QueryChoice::zipf(100, 1.1, 9);
  REQUIRE(choice.ok());
  const std::vector<double> got = shares(*choice, 100, 400'000);
  double sum = 0;
  for (int rank = 1; rank <= 100; ++rank) sum += std::pow(rank, -1.1);
  for (const int rank : {1, 2, 10, 100}) {
    const double share = std::pow(rank, -1.1) / sum;
    CHECK(std::abs(got[static_cast<std::size_t>(rank) - 1] - share) <= 5 * std::sqrt(share / 400'000));
  }
}

TEST_CASE("the same seed asks the same queries, another seed others") {
  const auto a = QueryChoice::zipf(50, 1, 1), b = QueryChoice::zipf(50, 1, 1),
             c = QueryChoice::zipf(50, 1, 2);
  int differ = 0;
  for (std::uint64_t n = 0; n < 1'000; ++n) {
    CHECK(a->query(n) == b->query(n));
    differ += a->query(n) != c->query(n);
  }
  CHECK(differ > 500);
}

TEST_CASE("weights that choose nothing are refused") {
  CHECK_FALSE(QueryChoice::weighted({0, 0}, 0).ok());
  CHECK_FALSE(QueryChoice::weighted({1, -1}, 0).ok());
  CHECK_FALSE(QueryChoice::weighted({1, std::nan("")}, 0).ok());
  CHECK_FALSE(QueryChoice::weighted({1, INFINITY}, 0).ok());
  CHECK_FALSE(QueryChoice::zipf(3, -1, 0).ok());
}
