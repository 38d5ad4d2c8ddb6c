#include "core/heavy_keys.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace junction {
namespace {

void sort_heaviest_first(std::vector<HeavyKeys::Counter>& counters) {
  std::sort(counters.begin(), counters.end(), [](const HeavyKeys::Counter& a, const HeavyKeys::Counter& b) {
    return a.count != b.count ? a.count > b.count : a.hash < b.hash;
  });
}

}  // namespace

HeavyKeys::HeavyKeys() : cells_(cell_count) {
  counters_.reserve(counter_limit);
}

bool HeavyKeys::count_known(const Cell& cell, std::uint64_t hash) {
  for (std::uint32_t i = cell.first; i != none; i = counters_[i].next) {
    if (counters_[i].hash != hash) continue;
    ++counters_[i].count;
    return true;
  }
  return false;
}

void HeavyKeys::make_counter(Cell& cell, std::uint64_t hash, std::string_view text) {
  std::uint32_t at = static_cast<std::uint32_t>(counters_.size());
  if (at < counter_limit) {
    counters_.emplace_back();
  } else {
    at = take_smallest();
    if (cell.bound <= counters_[at].count) return at_smallest_.push_back(at);
  }
  Chained& counter = counters_[at];
  if (counter.count != 0) {
    // The key that gives way came no more often than its count; its cell has to bound it from now on.
    Cell& old = cells_[cell_of(counter.hash)];
    old.bound = static_cast<std::uint32_t>(std::max<std::uint64_t>(old.bound, counter.count));
    std::uint32_t* link = &old.first;
    while (*link != at) link = &counters_[*link].next;
    *link = counter.next;
  }
  counter.hash = hash;
  counter.count = cell.bound;
  counter.overcount = cell.bound - 1;
  counter.text.assign(text.substr(0, text_limit));
  counter.next = cell.first;
  cell.first = at;
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
