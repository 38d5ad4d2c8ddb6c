#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/bulk/endpoint_lookup.hpp"
#include "core/bulk/heavy_keys.hpp"
#include "core/bulk/key_sample.hpp"
#include "junction/bulk.hpp"

namespace junction {

/// What one thread counts of a stream of requests; a summary adds up those of all threads.
class KeyTally {
 public:
  /// `lookup` outlives this object.
  KeyTally(const EndpointLookup& lookup, std::size_t endpoints) : lookup_(lookup), requests_(endpoints) {}

  /// Counts at most 64 requests with these hashes; all keys have the same length.
  void operator()(std::span<const std::uint64_t> hashes, const char* const* keys, std::size_t length);

  void add(std::uint64_t hash, std::string_view text);
  void add_random() { ++random_; }
  void add_unknown() { ++unknown_; }

  friend BulkSummary summarize(const std::vector<const KeyTally*>& tallies, std::size_t heaviest);

 private:
  const EndpointLookup& lookup_;
  std::vector<std::uint64_t> requests_;
  std::uint64_t random_ = 0;
  std::uint64_t unknown_ = 0;
  KeySample sample_;
  HeavyKeys heavy_;
};

/// The summary of all, but for what only the reader of the lines knows (lines, skipped, stopped).
BulkSummary summarize(const std::vector<const KeyTally*>& tallies, std::size_t heaviest);

}  // namespace junction
