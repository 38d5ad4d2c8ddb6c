// What sets the clients apart, row by row; and what holds for every one of them.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include "core/balance/murmur_hash.hpp"
#include "junction/hash.hpp"
#include "junction/implementation.hpp"

namespace junction {
namespace {

std::vector<Endpoint> endpoints(std::initializer_list<const char*> addresses) {
  std::vector<Endpoint> list;
  for (const char* address : addresses) list.push_back({.address = SocketAddress::parse(address).value()});
  return list;
}

const Implementation& named(std::string_view name) {
  const Implementation* const found = find_implementation(name);
  REQUIRE(found);
  return *found;
}

std::uint64_t entry_hash(const Ring& ring, std::uint32_t endpoint, std::uint32_t replica) {
  for (const RingEntry& entry : ring.entries())
    if (entry.endpoint == endpoint && entry.replica == replica) return entry.hash;
  FAIL("no such entry");
  return 0;
}

}  // namespace

TEST_CASE("every implementation is found by its name, Junction's first") {
  std::vector<std::string> names;
  for (const Implementation* implementation : implementations()) {
    names.emplace_back(implementation->name());
    CHECK(find_implementation(implementation->name()) == implementation);
    CHECK_FALSE(implementation->summary().empty());
  }
  CHECK(names == std::vector<std::string>{"junction", "junction-rust-1.81", "envoy", "grpc", "grpc-cpp",
                                          "grpc-java", "maglev"});
  CHECK(find_implementation("Envoy") == nullptr);
}

TEST_CASE("shares and counts add up, and entry bytes hash to the entries, for every implementation") {
  auto list =
      endpoints({"10.0.0.1:80", "10.0.0.2:80", "[fd00::17]:8080", "10.0.0.3:80", "[::ffff:10.0.0.9]:80"});
  list[1].weight = 7;
  list[3].weight = 0;
  list[2].hash_key = "recs-3";
  for (const Implementation* implementation : implementations()) {
    CAPTURE(implementation->name());
    const Placement placement = implementation->place(list, {.min_ring_size = 100});
    const auto shares = placement.shares(list.size());
    CHECK(std::accumulate(shares.begin(), shares.end(), 0.0) == doctest::Approx(1.0));
    const auto counts = placement.counts(list.size());
    CHECK(std::accumulate(counts.begin(), counts.end(), std::size_t{0}) == placement.size());
    CHECK(implementation->place({}, {}).empty());
    if (!placement.ring()) continue;
    for (const RingEntry& entry : placement.ring()->entries())
      CHECK(xxh64(implementation->entry_bytes(list[entry.endpoint], entry.replica, {})) == entry.hash);
  }
}

TEST_CASE("a lone endpoint takes everything, in every implementation") {
  const auto list = endpoints({"10.0.0.1:80"});
  for (const Implementation* implementation : implementations()) {
    CAPTURE(implementation->name());
    const Placement placement = implementation->place(list, {.min_ring_size = 1});
    CHECK(placement.shares(1)[0] == doctest::Approx(1.0));
    for (const std::uint64_t hash : {0ULL, 1ULL, ~0ULL, 1ULL << 63})
      CHECK(placement.endpoint(placement.find(hash)) == 0);
  }
}

TEST_CASE("the published entry of both Rust layouts") {
  const auto list = endpoints({"10.0.0.1:80"});
  const auto first = [&](std::string_view name) {
    return entry_hash(*named(name).place(list, {.min_ring_size = 1}).ring(), 0, 0);
  };
  CHECK(first("junction") == 8913279083386873295ULL);
  CHECK(first("junction-rust-1.81") == 8774753480009896401ULL);
}

TEST_CASE("which identity each client hashes") {
  Endpoint endpoint{
      .address = SocketAddress::parse("[fd00::17]:80").value(), .hash_key = "", .hostname = "recs-0"};
  struct Row {
    const char* impl;
    const char* plain;
    const char* with_key;
    bool use_hostname;
  };
  const Row rows[] = {
      {"envoy", "[fd00::17]:80_3", "k_3", false},
      {"envoy", "recs-0_3", "k_3", true},
      {"grpc", "[fd00::17]:80_3", "k_3", true},
      {"grpc-cpp", "[fd00::17]:80_3", "k_3", false},
      {"grpc-java", "/[fd00:0:0:0:0:0:0:17]:80_3", "/[fd00:0:0:0:0:0:0:17]:80_3", false},
      {"maglev", "[fd00::17]:80", "k", false},
      {"maglev", "recs-0", "k", true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.impl);
    const PlacementOptions options{.use_hostname_for_hashing = row.use_hostname};
    endpoint.hash_key = "";
    CHECK(named(row.impl).entry_bytes(endpoint, 3, options) == row.plain);
    endpoint.hash_key = "k";
    CHECK(named(row.impl).entry_bytes(endpoint, 3, options) == row.with_key);
  }
  const Endpoint nameless = endpoints({"10.0.0.1:80"})[0];
  CHECK(named("envoy").entry_bytes(nameless, 3, {.use_hostname_for_hashing = true}) == "_3");
  CHECK(named("grpc-java").entry_bytes(nameless, 0, {}) == "/10.0.0.1:80_0");
  CHECK(named("grpc-java").entry_bytes(endpoints({"[::ffff:10.0.0.1]:80"})[0], 0, {}) == "/10.0.0.1:80_0");
}

TEST_CASE("an address listed twice") {
  const auto list = endpoints({"10.0.0.2:80", "10.0.0.1:80", "10.0.0.2:80"});
  struct Row {
    const char* impl;
    std::vector<std::size_t> counts;
    bool refused;
  };
  const Row rows[] = {
      {"junction", {4, 4, 4}, false}, {"envoy", {4, 4, 4}, false},    {"grpc", {6, 6, 0}, false},
      {"grpc-cpp", {8, 4, 0}, false}, {"grpc-java", {8, 4, 0}, true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.impl);
    CHECK(named(row.impl).place(list, {.min_ring_size = 12}).counts(3) == row.counts);
    CHECK(named(row.impl).check(list, {.min_ring_size = 12}).ok() == !row.refused);
  }
}

TEST_CASE("gRPC Java compares signed and has no wrap-around") {
  const auto list = endpoints({"10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"});
  const Placement placement = named("grpc-java").place(list, {.min_ring_size = 24});
  const auto entries = placement.ring()->entries();
  const auto is_below = [](std::uint64_t a, std::uint64_t b) { return std::int64_t(a) < std::int64_t(b); };
  CHECK(std::is_sorted(entries.begin(), entries.end(),
                       [&](const RingEntry& a, const RingEntry& b) { return is_below(a.hash, b.hash); }));
  CHECK(std::int64_t(entries.front().hash) < 0);
  const std::size_t last = entries.size() - 1;
  CHECK(placement.find(entries[last].hash) == last);
  CHECK(placement.find(0x7fffffffffffffff) ==
        last);  // beyond the last: the last, where others take the first
  CHECK(placement.find(0x8000000000000000) == 0);
  for (std::size_t i = 0; i + 1 < entries.size(); ++i) {
    CHECK(placement.find(entries[i].hash) == i);
    CHECK(placement.find(entries[i].hash + 1) == i + 1);
  }
}

TEST_CASE("gRPC Java fills its ring in the order of a HashMap") {
  // 31 + 0x0a000010 + 80 = 0x0a00007f, whose upper half leaves the low four bits as they are: bucket 15
  // of 16. The next two are in 1 and 0.
  const auto list = endpoints({"10.0.0.16:80", "10.0.0.2:80", "10.0.0.17:80"});
  // So endpoint 2 comes first and gets the odd entry: a third of four entries each is 1.33, 2.67, 4.
  CHECK(named("grpc-java").place(list, {.min_ring_size = 4, .max_ring_size = 4}).counts(3) ==
        std::vector<std::size_t>{1, 1, 2});
  CHECK(named("grpc").place(list, {.min_ring_size = 4, .max_ring_size = 4}).counts(3) ==
        std::vector<std::size_t>{2, 1, 1});
}

TEST_CASE("ring sizes: caps, and what each client refuses") {
  const auto four = endpoints({"10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80", "10.0.0.4:80"});
  CHECK(named("junction").place(four, {.min_ring_size = 65536}).size() == 65536);
  CHECK(named("junction").place(four, {.min_ring_size = 65536, .max_ring_size = 10}).size() == 65536);
  CHECK(named("junction").place(four, {.min_ring_size = 0}).size() == 4);
  CHECK(named("envoy").place(four, {.min_ring_size = 1025}).size() == 1028);
  CHECK(named("envoy").place(four, {.min_ring_size = 1025, .max_ring_size = 1027}).size() == 1027);
  for (const char* grpc : {"grpc", "grpc-cpp", "grpc-java"})
    CHECK(named(grpc).place(four, {.min_ring_size = 65536}).size() == 4096);

  auto heavy = four;
  heavy[0].weight = heavy[1].weight = 4294967295U;
  struct Row {
    const char* impl;
    std::vector<Endpoint> list;
    PlacementOptions options;
    const char* message;
  };
  const Row rows[] = {
      {"envoy", four, {.min_ring_size = 2048, .max_ring_size = 1024}, "above max_ring_size 1024"},
      {"envoy", heavy, {}, "add up to 8589934592"},
      {"grpc", four, {.min_ring_size = 8388609}, "min_ring_size 8388609"},
      {"grpc-cpp", four, {.min_ring_size = 0}, "min_ring_size 0"},
      {"maglev", four, {.table_size = 65536}, "table_size 65536"},
      {"maglev", four, {.table_size = 0}, "such as 2"},
      {"maglev", four, {.table_size = 5000012}, "up to 5000011"},
      {"junction", four, {.min_ring_size = 4294967295U}, "lower it"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.impl);
    const auto checked = named(row.impl).check(row.list, row.options);
    REQUIRE_FALSE(checked.ok());
    CHECK(checked.error().message.find(row.message) != std::string::npos);
  }
  CHECK(named("junction").place(four, {.min_ring_size = 4294967295U}).empty());
  CHECK(named("envoy").place(heavy, {.max_ring_size = ~0ULL}).empty());
  CHECK(named("maglev").place(four, {.table_size = 10}).size() == 11);
}

TEST_CASE("very uneven weights leave no one out, and stay within max_ring_size") {
  auto list = endpoints({"10.0.0.1:80", "10.0.0.2:80"});
  list[1].weight = 4294967294U;
  const auto counts = named("envoy").place(list, {.max_ring_size = 10000}).counts(2);
  CHECK(counts == std::vector<std::size_t>{1, 9999});
  CHECK(named("maglev").place(list, {}).counts(2)[0] == 1);
}

TEST_CASE("MurmurHash2 is the one behind libstdc++'s std::hash, as Envoy says of its own") {
  const std::string text = "10.42.0.17:80_12345 and some more bytes";
  for (std::size_t length = 0; length <= text.size(); ++length) {
    const std::string_view part(text.data(), length);
    CHECK(murmur2_64(part, envoy_murmur_seed) == std::hash<std::string_view>{}(part));
  }
  const auto list = endpoints({"127.0.0.1:90", "127.0.0.1:91"});
  const Placement placement = named("envoy").place(list, {.min_ring_size = 8, .key_hash = KeyHash::murmur2});
  for (const RingEntry& entry : placement.ring()->entries())
    CHECK(std::hash<std::string>{}(named("envoy").entry_bytes(list[entry.endpoint], entry.replica, {})) ==
          entry.hash);
}

}  // namespace junction
