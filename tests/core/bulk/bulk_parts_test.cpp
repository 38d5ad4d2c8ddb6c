// The parts of the bulk summary, each against the plainest way to do the same.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "core/bulk/endpoint_lookup.hpp"
#include "core/bulk/heavy_keys.hpp"
#include "core/bulk/key_sample.hpp"
#include "core/bulk/line_scan.hpp"
#include "core/bulk/plain_keys.hpp"
#include "junction/hash.hpp"
#include "junction/implementation.hpp"
#include "junction/request_line.hpp"

namespace junction {
namespace {

std::vector<Endpoint> endpoints(std::size_t count) {
  std::vector<Endpoint> list(count);
  for (std::size_t i = 0; i < count; ++i) {
    list[i].address.ip = {10, 42, static_cast<std::uint8_t>(i / 250), static_cast<std::uint8_t>(i % 250)};
    list[i].address.port = 80;
  }
  return list;
}

// Text with room behind it, as the scanner wants it.
std::string with_slack(std::string text) {
  text.append(line_scan_slack, '"');
  return text;
}

struct Collected {
  std::map<std::string, std::uint64_t> hashes;
  void operator()(std::span<const std::uint64_t> batch, const char* const* keys, std::size_t length) {
    for (std::size_t i = 0; i < batch.size(); ++i) hashes[std::string(keys[i], length)] = batch[i];
  }
};

}  // namespace

TEST_CASE("every hash goes to the same endpoint with and without the cells") {
  std::mt19937_64 random(3);
  for (const char* impl : {"junction", "envoy", "grpc-java", "maglev"}) {
    for (const std::size_t count : {1U, 2U, 4U, 100U, 1000U, 5000U}) {
      CAPTURE(impl);
      CAPTURE(count);
      const Placement placement = find_implementation(impl)->place(endpoints(count), {.min_ring_size = 2048});
      const EndpointLookup lookup(placement, count);
      std::vector<std::uint64_t> hashes{0, ~0ULL, 1ULL << 63};
      if (const Ring* ring = placement.ring())
        for (const RingEntry& entry : ring->entries().first(std::min<std::size_t>(ring->size(), 5000)))
          hashes.insert(hashes.end(), {entry.hash, entry.hash - 1, entry.hash + 1});
      for (int i = 0; i < 20000; ++i) hashes.push_back(random());
      std::vector<std::uint32_t> found(hashes.size());
      lookup(hashes, found.data());
      for (std::size_t i = 0; i < hashes.size(); ++i)
        REQUIRE(found[i] == placement.endpoint(placement.find(hashes[i])));
    }
  }
}

TEST_CASE("plain keys of every length are hashed as XXH64 hashes them with 0xFF behind") {
  std::mt19937 random(5);
  std::vector<std::string> keys;
  for (std::size_t length = 1; length <= 30; ++length)
    for (int i = 0; i < 70; ++i) {  // more than a batch
      std::string key;
      for (std::size_t k = 0; k < length; ++k) key += static_cast<char>('!' + random() % 90);
      keys.push_back(key);
    }
  std::shuffle(keys.begin(), keys.end(), random);
  std::string text;
  for (const std::string& key : keys) text += key + '\n';
  text = with_slack(text);
  Collected collected;
  PlainKeys<Collected> plain(collected);
  std::size_t at = 0;
  for (const std::string& key : keys) {
    plain.add(text.data() + at, key.size());
    at += key.size() + 1;
  }
  plain.flush();
  for (const std::string& key : keys) REQUIRE(collected.hashes.at(key) == xxh64(key + '\xff'));
}

TEST_CASE("lines are found wherever they end, and only bare values pass as plain") {
  std::mt19937 random(11);
  const std::vector<std::string> kinds{"",
                                       "red",
                                       "a b",
                                       "  ",
                                       " red",
                                       "user:7",
                                       "http://h/?q=1",
                                       "/a?q=1",
                                       "{\"a\":1}",
                                       "say \"hi\"",
                                       "red\r",
                                       "h",
                                       "http",
                                       "INFO:     up",
                                       "INFO: x",
                                       "Erin",
                                       "caf\xc3\xa9",
                                       "ERROR",
                                       "a/b",
                                       "~x",
                                       "HTTPx://",
                                       "https://h",
                                       "WARNING: x",
                                       "DEBUG: x",
                                       "CRITICAL: x",
                                       "TRACE: x",
                                       "trac",
                                       "ab",
                                       "{",
                                       std::string(30, 'k'),
                                       std::string(31, 'k'),
                                       std::string(200, 'k'),
                                       std::string(LineMarks::longest_piece - 1, 'k'),
                                       std::string(LineMarks::longest_piece, '"')};
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> lines;
    std::string text;
    for (int i = 0; i < 40; ++i) {
      lines.push_back(kinds[random() % kinds.size()]);
      text += lines.back() + '\n';
    }
    const std::size_t size = text.size();
    text = with_slack(text);
    std::vector<std::string> seen;
    bool only_values = true;
    const std::size_t count = for_each_line(
        std::string_view(text).substr(0, size), 30,
        [&](const char* line, std::size_t length) {
          seen.emplace_back(line, length);
          only_values &= classify_line(seen.back()).kind == LineKind::value && length <= 30;
          only_values &= classify_line(seen.back()).text == seen.back();
        },
        [&](std::string_view line) { seen.emplace_back(line); });
    REQUIRE(count == lines.size());
    REQUIRE(seen == lines);
    REQUIRE(only_values);
  }
}

TEST_CASE("short bare values without special bytes are plain, wherever a piece of the text ends") {
  std::mt19937 random(12);
  std::string text;
  for (std::size_t lines = 0; lines < 5000; ++lines)
    text += std::string(1 + random() % 30, static_cast<char>('j' + random() % 6)) + '\n';
  const std::size_t size = text.size();
  text = with_slack(text);
  std::string plain;
  for_each_line(
      std::string_view(text).substr(0, size), 30,
      [&](const char* line, std::size_t length) { plain.append(line, length).push_back('\n'); },
      [](std::string_view line) { FAIL(line); });
  CHECK(plain == text.substr(0, size));
}

TEST_CASE("distinct keys: exact up to the limit, then close") {
  std::mt19937_64 random(1);
  KeySample few;
  std::set<std::uint64_t> distinct;
  for (int i = 0; i < 100000; ++i) {
    const std::uint64_t hash = xxh64(std::to_string(random() % 40000));
    distinct.insert(hash);
    few.add(hash);
  }
  CHECK(few.exact());
  CHECK(few.size() == distinct.size());

  KeySample left, right;
  for (std::uint64_t i = 0; i < 1000000; ++i) {
    const std::uint64_t hash = xxh64(std::to_string(i));
    (i % 3 == 0 ? left : right).add(hash);
    if (i % 2 == 0) left.add(hash);
  }
  left.add(right);
  CHECK_FALSE(left.exact());
  const double estimate = static_cast<double>(left.size() * left.scale());
  CHECK(std::abs(estimate / 1000000 - 1) < 0.03);

  KeySample zero;
  for (const std::uint64_t hash : {0UL, 0UL, 5UL}) zero.add(hash);
  CHECK(zero.size() == 2);
}

TEST_CASE("heavy keys: every count is within its bounds, and no heavy key is missed") {
  std::mt19937_64 random(2);
  std::map<std::uint64_t, std::uint64_t> truth;
  HeavyKeys streams[2];
  constexpr std::uint64_t requests = 400000;
  for (std::uint64_t i = 0; i < requests; ++i) {
    // A third to ten keys, the rest spread over 200,000 with a long tail.
    const double u = static_cast<double>(random() >> 11) * 0x1p-53;
    const std::uint64_t key =
        random() % 3 == 0 ? random() % 10 : static_cast<std::uint64_t>(200000 * u * u * u) + 10;
    const std::uint64_t hash = xxh64(std::to_string(key));
    ++truth[hash];
    streams[random() % 2].add(hash, std::to_string(key));
  }
  const auto merged = merge_heavy({&streams[0], &streams[1]});
  std::map<std::uint64_t, std::uint64_t> found;
  for (const HeavyKeys::Counter& counter : merged) {
    CHECK(counter.count >= truth[counter.hash]);
    CHECK(counter.count - counter.overcount <= truth[counter.hash]);
    CHECK(xxh64(counter.text) == counter.hash);
    found[counter.hash] = counter.count;
  }
  for (const auto& [hash, count] : truth)
    if (count > requests / HeavyKeys::counter_limit) CHECK(found.contains(hash));
  for (int key = 0; key < 10; ++key) CHECK(found.contains(xxh64(std::to_string(key))));
}

}  // namespace junction
