#include "junction/histogram.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

namespace junction {
namespace {

constexpr std::array percents = {0.0, 1.0, 25.0, 50.0, 75.0, 90.0, 99.0, 99.9, 99.99, 100.0};

std::vector<std::int64_t> log_uniform(std::uint32_t seed, std::size_t n, double powers_of_two) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> exponent(0, powers_of_two);
  std::vector<std::int64_t> values(n);
  for (auto& value : values) value = static_cast<std::int64_t>(std::exp2(exponent(random)));
  return values;
}

std::int64_t exact_percentile(const std::vector<std::int64_t>& sorted, double percent) {
  const double rank = std::ceil(percent / 100 * static_cast<double>(sorted.size()) - 1e-9);
  return sorted[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

}  // namespace

TEST_CASE("every value lies in its bucket, and buckets meet without gaps") {
  for (const Precision precision : {Precision::two_digits, Precision::three_digits}) {
    for (std::uint32_t index = 0; index + 1 < Histogram::index_of(INT64_MAX, precision); ++index) {
      const std::int64_t low = Histogram::lowest_value(index, precision);
      const std::int64_t high = Histogram::highest_value(index, precision);
      REQUIRE(Histogram::index_of(static_cast<std::uint64_t>(low), precision) == index);
      REQUIRE(Histogram::index_of(static_cast<std::uint64_t>(high), precision) == index);
      REQUIRE(Histogram::lowest_value(index + 1, precision) == high + 1);
      const double digits = precision == Precision::two_digits ? 0.01 : 0.001;
      REQUIRE(static_cast<double>(high - low) <= digits * static_cast<double>(low));
    }
    CHECK(Histogram::highest_value(Histogram::index_of(INT64_MAX, precision), precision) == INT64_MAX);
  }
}

TEST_CASE("percentiles agree with the sorted values to three digits, from 1 ns to a day") {
  for (const std::size_t n : {1U, 2U, 3U, 10U, 1000U, 50000U}) {
    CAPTURE(n);
    auto values = log_uniform(static_cast<std::uint32_t>(n), n, 46.3);
    Histogram histogram;
    for (const auto value : values) histogram.record(value);
    std::sort(values.begin(), values.end());
    CHECK(histogram.count() == n);
    CHECK(histogram.min() == values.front());
    CHECK(histogram.max() == values.back());
    const auto measured = histogram.values_at_percentiles(percents);
    double sum = 0;
    for (const auto value : values) sum += static_cast<double>(value);
    CHECK(histogram.mean() == doctest::Approx(sum / static_cast<double>(n)).epsilon(0.001));
    for (std::size_t i = 0; i < percents.size(); ++i) {
      CAPTURE(percents[i]);
      const auto exact = static_cast<double>(exact_percentile(values, percents[i]));
      CHECK(static_cast<double>(measured[i]) >= exact);
      CHECK(static_cast<double>(measured[i]) <= exact * 1.001);
      CHECK(histogram.value_at_percentile(percents[i]) == measured[i]);
    }
  }
}

TEST_CASE("parts add up to the whole, in any order") {
  const auto values = log_uniform(7, 20000, 40);
  Histogram whole;
  std::array<Histogram, 5> parts;
  for (std::size_t i = 0; i < values.size(); ++i) {
    whole.record(values[i]);
    parts[i * i % parts.size()].record(values[i]);  // unequal parts, one of them empty
  }
  Histogram forward, backward;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    forward.add(parts[i]);
    backward.add(parts[parts.size() - 1 - i]);
  }
  CHECK(forward == whole);
  CHECK(backward == whole);
}

TEST_CASE("a histogram built again from its buckets and extremes is the same") {
  Histogram histogram;
  for (const auto value : log_uniform(3, 1000, 35)) histogram.record(value);
  Histogram again;
  for (const auto& bucket : histogram.buckets()) again.add(bucket);
  again.set_extremes(histogram.min(), histogram.max());
  CHECK(again == histogram);
}

TEST_CASE("the ends of the range") {
  Histogram histogram;
  CHECK(histogram.value_at_percentile(99) == 0);
  CHECK(histogram.mean() == 0);
  CHECK(histogram.min() == 0);
  histogram.record(-5);
  histogram.record(0);
  histogram.record(INT64_MAX);
  CHECK(histogram.count() == 3);
  CHECK(histogram.min() == 0);
  CHECK(histogram.max() == INT64_MAX);
  CHECK(histogram.value_at_percentile(50) == 0);
  CHECK(histogram.value_at_percentile(100) == INT64_MAX);
  histogram.clear();
  CHECK(histogram == Histogram());
}

TEST_CASE("memory follows what was hit and is bounded") {
  Histogram few;
  for (int i = 0; i < 1'000'000; ++i) few.record(1'000'000 + i % 5);
  CHECK(few.memory_bytes() <= 200);
  Histogram hour;
  for (double value = 1000; value < 3.6e12; value *= 1.0004) hour.record(static_cast<std::int64_t>(value));
  CHECK(hour.memory_bytes() < 600 * 1024);
}

TEST_CASE("a mean lies between the least and the greatest") {
  for (const std::int64_t value : {10'042'151, 1'000'003, 7}) {
    CAPTURE(value);
    Histogram histogram;
    histogram.record(value);
    histogram.record(value);
    CHECK(histogram.mean() == static_cast<double>(value));
  }
}

}  // namespace junction
