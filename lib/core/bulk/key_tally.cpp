#include "core/bulk/key_tally.hpp"

#include <algorithm>
#include <array>

namespace junction {

void KeyTally::operator()(std::span<const std::uint64_t> hashes, const char* const* keys,
                          std::size_t length) {
  std::array<std::uint32_t, 64> endpoints;
  lookup_(hashes, endpoints.data());
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    ++requests_[endpoints[i]];
    sample_.add(hashes[i]);
    heavy_.add(hashes[i], {keys[i], length});
  }
}

void KeyTally::add(std::uint64_t hash, std::string_view text) {
  const char* const key = text.data();
  (*this)(std::span(&hash, 1), &key, text.size());
}

namespace {

void add_shares(BulkSummary& summary, const Placement& placement) {
  const auto arcs = placement.shares(summary.endpoints.size());
  std::uint64_t keys = 0, requests = 0;
  for (const BulkEndpoint& endpoint : summary.endpoints) {
    keys += endpoint.keys;
    requests += endpoint.requests;
  }
  const auto part = [](std::uint64_t of, std::uint64_t all) {
    return all == 0 ? 0.0 : static_cast<double>(of) / static_cast<double>(all);
  };
  for (std::size_t i = 0; i < arcs.size(); ++i) {
    BulkEndpoint& endpoint = summary.endpoints[i];
    endpoint.share_by_arc = arcs[i];
    endpoint.share_by_key = part(endpoint.keys, keys);
    endpoint.share_by_traffic = part(endpoint.requests, requests);
  }
}

}  // namespace

BulkSummary summarize(const std::vector<const KeyTally*>& tallies, std::size_t heaviest) {
  BulkSummary summary;
  const Placement& placement = tallies.front()->lookup_.placement();
  summary.endpoints.resize(tallies.front()->requests_.size());
  KeySample keys;
  std::vector<const HeavyKeys*> heavy;
  for (const KeyTally* tally : tallies) {
    for (std::size_t i = 0; i < summary.endpoints.size(); ++i)
      summary.endpoints[i].requests += tally->requests_[i];
    summary.random += tally->random_;
    summary.unknown += tally->unknown_;
    keys.add(tally->sample_);
    heavy.push_back(&tally->heavy_);
  }
  summary.requests = summary.random + summary.unknown;
  for (const BulkEndpoint& endpoint : summary.endpoints) summary.requests += endpoint.requests;
  summary.distinct_exact = keys.exact();
  summary.distinct_keys = keys.size() * keys.scale();
  keys.for_each([&](std::uint64_t hash) {
    summary.endpoints[placement.endpoint(placement.find(hash))].keys += keys.scale();
  });
  // The estimates may exceed what is possible; nobody has more keys than requests.
  for (BulkEndpoint& endpoint : summary.endpoints) endpoint.keys = std::min(endpoint.keys, endpoint.requests);
  summary.distinct_keys = std::min(summary.distinct_keys, summary.requests);
  add_shares(summary, placement);
  for (HeavyKeys::Counter& counter : merge_heavy(heavy)) {
    if (summary.heaviest.size() == heaviest) break;
    summary.heaviest.push_back({std::move(counter.text), counter.hash,
                                placement.endpoint(placement.find(counter.hash)), counter.count,
                                counter.overcount});
  }
  return summary;
}

}  // namespace junction
