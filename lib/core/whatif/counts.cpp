#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "core/balance/split_mix.hpp"
#include "core/whatif/owners.hpp"
#include "junction/impact_counts.hpp"

namespace junction {
namespace {

using Place = std::optional<std::uint32_t>;
using Pair = std::pair<Place, Place>;

/// Distinct keys with the pair of each, or once there are too many a sample of them, as KeySample has it.
class PairSample {
 public:
  void add(std::uint64_t key, const Pair& pair) {
    if ((key & mask_) != 0) return;
    pairs_.try_emplace(key, pair);
    while (pairs_.size() > (mask_ == 0 ? limit : sample_limit)) {
      mask_ = mask_ * 2 + 1;
      std::erase_if(pairs_, [this](const auto& each) { return (each.first & mask_) != 0; });
    }
  }

  template <typename Use>
  void for_each(Use use) const {
    for (const auto& [key, pair] : pairs_) use(pair, mask_ + 1);
  }
  [[nodiscard]] bool exact() const { return mask_ == 0; }

 private:
  static constexpr std::size_t limit = 65536, sample_limit = 20480;

  std::unordered_map<std::uint64_t, Pair> pairs_;
  std::uint64_t mask_ = 0;
};

// One number for what both sides make of a request: the hash, where they make the same of it.
std::uint64_t key_of(const Pick& before, const Pick& after) {
  if (before.hash == after.hash) return *before.hash;
  return split_mix(split_mix(before.hash.value_or(1)) + after.hash.value_or(2));
}

}  // namespace

class ImpactCounter::Impl {
 public:
  Impl(const BalancerState& before, const BalancerState& after)
      : before_(owners_.add(before.endpoints)), after_(owners_.add(after.endpoints)) {}

  void add(const Pick& before, const Pick& after) {
    const Pair pair{place(before, before_), place(after, after_)};
    ++requests_[pair];
    if (before.hash || after.hash) sample_.add(key_of(before, after), pair);
  }

  [[nodiscard]] ImpactCounts finish() const {
    ImpactCounts counts;
    std::map<Pair, std::uint64_t> keys;
    sample_.for_each([&](const Pair& pair, std::uint64_t weight) {
      keys[pair] += weight;
      counts.keys += weight;
    });
    for (const auto& [pair, requests] : requests_) {
      counts.pairs.push_back({pair.first, pair.second, keys[pair], requests});
      counts.requests += requests;
    }
    counts.keys_exact = sample_.exact();
    return counts;
  }

 private:
  static Place place(const Pick& pick, const std::vector<std::uint32_t>& owner_of) {
    if (pick.reason != PickReason::ring_hash) return std::nullopt;
    return owner_of[pick.endpoint];
  }

  Owners owners_;
  std::vector<std::uint32_t> before_, after_;
  std::map<Pair, std::uint64_t> requests_;
  PairSample sample_;
};

ImpactCounter::ImpactCounter(const BalancerState& before, const BalancerState& after)
    : impl_(std::make_unique<Impl>(before, after)) {}
ImpactCounter::~ImpactCounter() = default;
ImpactCounter::ImpactCounter(ImpactCounter&&) noexcept = default;
ImpactCounter& ImpactCounter::operator=(ImpactCounter&&) noexcept = default;

void ImpactCounter::add(const Pick& before, const Pick& after) {
  impl_->add(before, after);
}

ImpactCounts ImpactCounter::finish() const {
  return impl_->finish();
}

}  // namespace junction
