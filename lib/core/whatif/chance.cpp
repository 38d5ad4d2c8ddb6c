#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

#include "junction/capacity.hpp"

namespace junction {
namespace {

/// Poisson and binomial probabilities of numbers up to `most`.
class Chances {
 public:
  explicit Chances(std::uint64_t most) : log_factorial_(most + 1) {
    long double sum = 0;
    for (std::uint64_t i = 1; i <= most; ++i)
      log_factorial_[i] = static_cast<double>(sum += std::log(static_cast<long double>(i)));
  }

  [[nodiscard]] double poisson(std::uint64_t count, double mean) const {
    if (mean <= 0) return count == 0 ? 1 : 0;
    return std::exp(static_cast<double>(count) * std::log(mean) - mean - log_factorial_[count]);
  }

  [[nodiscard]] double binomial(std::uint64_t count, std::uint64_t of, double p) const {
    if (p <= 0) return count == 0 ? 1 : 0;
    if (p >= 1) return count == of ? 1 : 0;
    return std::exp(log_factorial_[of] - log_factorial_[count] - log_factorial_[of - count] +
                    static_cast<double>(count) * std::log(p) +
                    static_cast<double>(of - count) * std::log1p(-p));
  }

 private:
  std::vector<double> log_factorial_;
};

/// Probabilities of the numbers from `first` on; all others have none worth counting.
struct Run {
  std::uint64_t first = 0;
  std::vector<double> chances;
};

// What is below it cannot show in any sum.
constexpr double negligible = 1e-90;

void trim(Run& run) {
  const auto counts = [](double chance) { return chance > negligible; };
  const auto first = std::find_if(run.chances.begin(), run.chances.end(), counts);
  run.first += static_cast<std::uint64_t>(first - run.chances.begin());
  run.chances.erase(run.chances.begin(), first);
  run.chances.erase(std::find_if(run.chances.rbegin(), run.chances.rend(), counts).base(), run.chances.end());
}

/// A Poisson variable as long as it does not exceed `most`.
Run poisson_up_to(const Chances& chances, double mean, std::uint64_t most) {
  Run run;
  for (std::uint64_t count = 0; count <= most; ++count) run.chances.push_back(chances.poisson(count, mean));
  trim(run);
  return run;
}

/// The sum of two independent ones, up to `most`.
Run sum(const Run& a, const Run& b, std::uint64_t most) {
  Run run{a.first + b.first, {}};
  if (a.chances.empty() || b.chances.empty() || run.first > most) return run;
  run.chances.resize(std::min<std::size_t>(a.chances.size() + b.chances.size() - 1, most - run.first + 1));
  for (std::size_t i = 0; i < std::min(a.chances.size(), run.chances.size()); ++i) {
    const std::size_t until = std::min(b.chances.size(), run.chances.size() - i);
    for (std::size_t j = 0; j < until; ++j) run.chances[i + j] += a.chances[i] * b.chances[j];
  }
  trim(run);
  return run;
}

/// That more than `most` of from, from + 1, ... to trials of probability p succeed. One more trial takes the
/// number from most to more, or leaves it: all are sums of positive terms.
std::vector<double> binomial_tails(const Chances& chances, std::uint64_t from, std::uint64_t to, double p,
                                   std::uint64_t most) {
  double tail = 0;
  for (std::uint64_t count = most + 1; count <= from; ++count) {
    const double more = chances.binomial(count, from, p);
    tail += more;
    if (more <= tail * 1e-18 && static_cast<double>(count) > p * static_cast<double>(from)) break;
  }
  std::vector<double> tails{tail};
  for (std::uint64_t trials = from; trials < to; ++trials) {
    if (trials >= most) tail += p * chances.binomial(most, trials, p);
    tails.push_back(tail);
  }
  return tails;
}

/// The shares of each endpoint and those behind it.
std::vector<double> sums_from_behind(std::span<const double> shares) {
  std::vector<double> sums(shares.begin(), shares.end());
  for (std::size_t e = sums.size(); e-- > 1;) sums[e - 1] += sums[e];
  return sums;
}

}  // namespace

// Keys on endpoints are multinomial: as many independent Poisson variables, given their sum. One endpoint
// after the other is looked at, each time for the case that it is the first that gets too many: those before
// it got m together and none too many (`before`), it and those behind it get the rest, and of the rest it
// gets too many.
double chance_of_more(std::span<const double> shares, std::uint64_t keys, std::uint64_t most) {
  assert(!shares.empty() && keys <= most_unknown_keys);
  if (keys <= most) return 0;
  const Chances chances(keys);
  const std::vector<double> left = sums_from_behind(shares);
  const double scale = static_cast<double>(keys) / left.front();  // keys an endpoint gets, for its share
  Run before{0, {1.0}};
  double chance = 0;
  for (std::size_t e = 0; e < shares.size() && !before.chances.empty() && left[e] > 0; ++e) {
    const std::uint64_t most_left = keys - before.first, least_left = most_left - (before.chances.size() - 1);
    const std::vector<double> tails =
        binomial_tails(chances, least_left, most_left, shares[e] / left[e], most);
    for (std::size_t i = 0; i < before.chances.size(); ++i) {
      const std::uint64_t rest = most_left - i;
      chance += before.chances[i] * chances.poisson(rest, scale * left[e]) * tails[rest - least_left];
    }
    before = sum(before, poisson_up_to(chances, scale * shares[e], std::min(most, keys)), keys);
  }
  return std::min(chance / chances.poisson(keys, static_cast<double>(keys)), 1.0);
}

}  // namespace junction
