// The ring against the plainest way to do the same: std::stable_sort and std::lower_bound.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "core/balance/short_xxh64.hpp"
#include "junction/hash.hpp"
#include "junction/ring.hpp"

namespace junction {
namespace {

std::vector<RingEntry> random_entries(std::size_t size, std::uint64_t mask, std::mt19937_64& random) {
  std::vector<RingEntry> entries;
  for (std::uint32_t i = 0; i < size; ++i) entries.push_back({random() & mask, i % 7, i});
  return entries;
}

bool is_below(std::uint64_t a, std::uint64_t b, RingOrder order) {
  return order == RingOrder::signed_line ? static_cast<std::int64_t>(a) < static_cast<std::int64_t>(b)
                                         : a < b;
}

}  // namespace

TEST_CASE("sorted stably, and found, as std::stable_sort and std::lower_bound do it") {
  std::mt19937_64 random(7);
  // Few distinct hashes make duplicates; only high or only low bits crowd one bucket.
  const std::uint64_t masks[] = {~0ULL, 0xffULL, 0xff00000000000000ULL, 0x8000000000000001ULL, 0ULL};
  for (const RingOrder order : {RingOrder::unsigned_circle, RingOrder::signed_line}) {
    for (const std::uint64_t mask : masks) {
      for (const std::size_t size : {1U, 2U, 3U, 5U, 64U, 1000U, 1024U, 1025U, 5000U}) {
        CAPTURE(mask);
        CAPTURE(size);
        auto expected = random_entries(size, mask, random);
        const Ring ring(expected, order);
        std::stable_sort(expected.begin(), expected.end(), [&](const RingEntry& a, const RingEntry& b) {
          return is_below(a.hash, b.hash, order);
        });
        REQUIRE(std::equal(expected.begin(), expected.end(), ring.entries().begin(), ring.entries().end()));

        std::vector<std::uint64_t> hashes{0, 1, ~0ULL, 1ULL << 63, (1ULL << 63) - 1};
        for (int i = 0; i < 200; ++i) {
          const std::uint64_t entry = expected[random() % size].hash;
          hashes.insert(hashes.end(), {random(), random() & mask, entry, entry - 1, entry + 1});
        }
        std::vector<std::uint32_t> batch(hashes.size());
        ring.endpoints(hashes, batch);
        for (std::size_t i = 0; i < hashes.size(); ++i) {
          auto at = std::lower_bound(
              expected.begin(), expected.end(), hashes[i],
              [&](const RingEntry& e, std::uint64_t h) { return is_below(e.hash, h, order); });
          if (at == expected.end())
            at = order == RingOrder::signed_line ? expected.end() - 1 : expected.begin();
          REQUIRE(ring.find(hashes[i]) == static_cast<std::size_t>(at - expected.begin()));
          REQUIRE(batch[i] == at->endpoint);
        }
      }
    }
  }
}

TEST_CASE("ShortXxh64 is XXH64 for every length it takes") {
  const std::string text = "the quick brown fox jumps over the lazy dog";
  for (std::size_t length = 0; length < 32; ++length) {
    ShortXxh64 hash(length);
    std::size_t i = 0;
    const auto word = [&](std::size_t bytes) {
      std::uint64_t value = 0;
      for (std::size_t k = 0; k < bytes; ++k)
        value |= std::uint64_t{static_cast<std::uint8_t>(text[i + k])} << (8 * k);
      i += bytes;
      return value;
    };
    while (length - i >= 8) hash.eight(word(8));
    if (length - i >= 4) hash.four(static_cast<std::uint32_t>(word(4)));
    while (i < length) hash.one(static_cast<std::uint8_t>(word(1)));
    CHECK(hash.finish() == xxh64(text.substr(0, length)));
  }
}

}  // namespace junction
