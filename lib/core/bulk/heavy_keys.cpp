#include "core/bulk/heavy_keys.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <utility>

namespace junction {
namespace {

void sort_heaviest_first(std::vector<HeavyKeys::Counter>& counters) {
  std::sort(counters.begin(), counters.end(), [](const HeavyKeys::Counter& a, const HeavyKeys::Counter& b) {
    return a.count != b.count ? a.count > b.count : a.hash < b.hash;
  });
}

}  // namespace

HeavyKeys::HeavyKeys() : bounds_(cell_count), firsts_(cell_count, none) {
  counters_.reserve(counter_limit);
}

// The request has raised its cell's bound already, which is right only where it has no counter. A bound that
// reaches its largest stays there: after 2^31 requests in one cell of thousands that is no news.
void HeavyKeys::look_closer(std::uint64_t hash, std::string_view text) {
  std::uint32_t& bound = bounds_[cell_of(hash)];
  const std::uint32_t now = bound & ~has_counters;
  if (count_known(hash) || now == largest_bound)
    --bound;
  else if (now > limit_)
    make_counter(hash, text);
}

bool HeavyKeys::count_known(std::uint64_t hash) {
  for (std::uint32_t i = firsts_[cell_of(hash)]; i != none; i = counters_[i].next) {
    if (counters_[i].hash != hash) continue;
    ++counters_[i].count;
    return true;
  }
  return false;
}

void HeavyKeys::make_counter(std::uint64_t hash, std::string_view text) {
  const std::size_t cell = cell_of(hash);
  auto at = static_cast<std::uint32_t>(counters_.size());
  if (at < counter_limit) {
    counters_.emplace_back();
  } else {
    at = take_smallest();
    if (bound(hash) <= counters_[at].count) return at_smallest_.push_back(at);
    detach(at);
  }
  Chained& counter = counters_[at];
  counter.hash = hash;
  counter.count = bound(hash);
  counter.overcount = counter.count - 1;
  counter.text.assign(text.substr(0, text_limit));
  counter.next = std::exchange(firsts_[cell], at);
  bounds_[cell] |= has_counters;
}

// The key that gives way came no more often than its count, and its cell has to bound it from now on.
void HeavyKeys::detach(std::uint32_t at) {
  const Chained& counter = counters_[at];
  const std::size_t cell = cell_of(counter.hash);
  std::uint32_t* link = &firsts_[cell];
  while (*link != at) link = &counters_[*link].next;
  *link = counter.next;
  const std::uint64_t now =
      std::min<std::uint64_t>(std::max(bound(counter.hash), counter.count), largest_bound);
  bounds_[cell] = static_cast<std::uint32_t>(now) | (firsts_[cell] == none ? 0 : has_counters);
}

// Looks through all counters once for each value that the smallest has, not once for each key that gives way.
std::uint32_t HeavyKeys::take_smallest() {
  while (!at_smallest_.empty()) {
    const std::uint32_t at = at_smallest_.back();
    at_smallest_.pop_back();
    if (counters_[at].count == smallest_) return at;
  }
  smallest_ = std::numeric_limits<std::uint64_t>::max();
  for (const Chained& counter : counters_) smallest_ = std::min(smallest_, counter.count);
  for (std::uint32_t i = 0; i < counters_.size(); ++i)
    if (counters_[i].count == smallest_) at_smallest_.push_back(i);
  limit_ = static_cast<std::uint32_t>(std::min<std::uint64_t>(smallest_, largest_bound - 1));
  const std::uint32_t at = at_smallest_.back();
  at_smallest_.pop_back();
  return at;
}

std::vector<HeavyKeys::Counter> HeavyKeys::counters() const {
  std::vector<Counter> sorted(counters_.begin(), counters_.end());
  sort_heaviest_first(sorted);
  return sorted;
}

std::vector<HeavyKeys::Counter> merge_heavy(const std::vector<const HeavyKeys*>& streams) {
  struct Merged {
    HeavyKeys::Counter counter;
    std::vector<bool> counted_by;
  };
  std::unordered_map<std::uint64_t, Merged> merged;
  for (std::size_t i = 0; i < streams.size(); ++i) {
    for (const HeavyKeys::Counter& counter : streams[i]->counters()) {
      Merged& into =
          merged.try_emplace(counter.hash, Merged{{}, std::vector<bool>(streams.size())}).first->second;
      into.counter.hash = counter.hash;
      into.counter.count += counter.count;
      into.counter.overcount += counter.overcount;
      if (into.counter.text.empty()) into.counter.text = counter.text;
      into.counted_by[i] = true;
    }
  }
  std::vector<HeavyKeys::Counter> all;
  for (auto& [hash, key] : merged) {
    for (std::size_t i = 0; i < streams.size(); ++i) {
      if (key.counted_by[i]) continue;
      key.counter.count += streams[i]->bound(hash);
      key.counter.overcount += streams[i]->bound(hash);
    }
    all.push_back(std::move(key.counter));
  }
  sort_heaviest_first(all);
  return all;
}

}  // namespace junction
