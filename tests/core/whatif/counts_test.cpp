#include <doctest/doctest.h>
#include <fmt/format.h>

#include <random>
#include <string>
#include <vector>

#include "core/whatif/owners.hpp"
#include "core/whatif/pairs.hpp"
#include "junction/impact.hpp"
#include "junction/impact_counts.hpp"

namespace junction {
namespace {

std::vector<Endpoint> pods(int count) {
  std::vector<Endpoint> endpoints;
  for (int i = 0; i < count; ++i)
    endpoints.push_back({.address = SocketAddress::parse(fmt::format("10.42.0.{}:8080", 17 + i)).value()});
  return endpoints;
}

const HashParam query{.name = "query"};

Policy hashing(std::vector<HashParam> params = {query}) {
  return {.type = Policy::Type::ring_hash, .hash_params = std::move(params)};
}

const ImpactPair* find(const ImpactCounts& counts, std::optional<std::uint32_t> from,
                       std::optional<std::uint32_t> to) {
  for (const ImpactPair& pair : counts.pairs)
    if (pair.from == from && pair.to == to) return &pair;
  return nullptr;
}

}  // namespace

TEST_CASE("placements laid over each other know of each hash what both know") {
  std::mt19937_64 random(4);
  for (const char* impl : {"junction", "envoy", "maglev"}) {
    CAPTURE(impl);
    const Implementation& implementation = *find_implementation(impl);
    const std::vector<Endpoint> a = pods(5), b = pods(7);
    const Placement before = implementation.place(a, {.min_ring_size = 50, .table_size = 251});
    const Placement after = implementation.place(b, {.min_ring_size = 99, .table_size = 251});
    Owners owners;
    const auto owner_a = owners.add(a), owner_b = owners.add(b);
    const auto laid = lay_over({before, owner_a}, {after, owner_b});
    REQUIRE(laid);
    std::vector<std::uint64_t> hashes{0, ~std::uint64_t{0}, 1};
    for (int i = 0; i < 10000; ++i) hashes.push_back(random());
    if (before.ring())
      for (const RingEntry& entry : before.ring()->entries())
        hashes.insert(hashes.end(), {entry.hash, entry.hash + 1});
    for (const std::uint64_t hash : hashes) {
      const auto [from, to] = laid->pairs[laid->placement.endpoint(laid->placement.find(hash))];
      CHECK(from == owner_a[before.endpoint(before.find(hash))]);
      CHECK(to == owner_b[after.endpoint(after.find(hash))]);
    }
  }
}

TEST_CASE("a ring and a table, or tables of two sizes, cannot be laid over each other") {
  const std::vector<std::uint32_t> owner_of{0, 1};
  const Placement ring = junction_implementation().place(pods(2), {});
  const Placement table(std::vector<std::uint32_t>{0, 1, 1}), other(std::vector<std::uint32_t>{0, 1});
  CHECK(!lay_over({ring, owner_of}, {table, owner_of}));
  CHECK(!lay_over({table, owner_of}, {other, owner_of}));
  CHECK(lay_over({table, owner_of}, {table, owner_of}));
}

TEST_CASE("which clients hash alike") {
  const HashParam header{.type = HashParam::Type::header, .name = "x-user"};
  const HashParam source{.type = HashParam::Type::source_ip};
  struct Row {
    const char* name;
    const char* one;
    const char* other;
    std::vector<HashParam> params;
    bool alike;
  };
  for (const auto& [name, one, other, params, alike] : {
           Row{"itself", "junction", "junction", {query}, true},
           Row{"built by another Rust", "junction", "junction-rust-1.81", {query, header}, true},
           Row{"Envoy's two policies", "envoy", "maglev", {query, header, source}, true},
           Row{"a query parameter, decoded or not", "junction", "envoy", {query}, false},
           Row{"a header", "junction", "envoy", {header}, false},
           Row{"the client's address, which one of them does not know", "junction", "envoy", {source}, false},
           Row{"nothing to hash", "junction", "envoy", {}, true},
       }) {
    CAPTURE(name);
    CHECK(hash_alike(*find_implementation(one), *find_implementation(other), params) == alike);
    CHECK(hash_alike(*find_implementation(other), *find_implementation(one), params) == alike);
  }
}

TEST_CASE("requests are counted by where they go before and after") {
  Balancer before, after;
  before.update(pods(4), hashing());
  after.update(pods(5), hashing());
  ImpactCounter counter(before.state(), after.state());
  std::uint64_t moved = 0;
  for (int i = 0; i < 3000; ++i) {
    const std::string url = fmt::format("http://a/?query={}", i % 1000);
    const Pick was = before.pick({.url = url}), is = after.pick({.url = url});
    moved += was.address != is.address;
    counter.add(was, is);
  }
  const ImpactCounts counts = counter.finish();
  CHECK(counts.requests == 3000);
  CHECK(counts.keys == 1000);
  CHECK(counts.keys_exact);
  std::uint64_t moves = 0, requests = 0, keys = 0;
  for (const ImpactPair& pair : counts.pairs) {
    CHECK(pair.requests == 3 * pair.keys);
    requests += pair.requests;
    keys += pair.keys;
    if (pair.moves()) moves += pair.requests;
  }
  CHECK(requests == 3000);
  CHECK(keys == 1000);
  CHECK(moves == moved);
  CHECK(moved > 600);
}

TEST_CASE("what one side does not hash has no place there") {
  Balancer before, after;
  before.update(pods(2), hashing());
  after.update(pods(2), {.type = Policy::Type::round_robin});
  ImpactCounter counter(before.state(), after.state());
  for (const char* url : {"http://a/?query=red", "http://a/?query=red", "http://a/?query=rose", "http://a/"})
    counter.add(before.pick({.url = url}), after.pick({.url = url}));
  const ImpactCounts counts = counter.finish();
  CHECK(counts.requests == 4);
  CHECK(counts.keys == 2);
  const ImpactPair* const random = find(counts, std::nullopt, std::nullopt);
  REQUIRE(random);
  CHECK(random->requests == 1);
  CHECK(random->keys == 0);
  CHECK(random->moves());
  CHECK(counts.pairs.front().from == std::nullopt);
  for (const ImpactPair& pair : counts.pairs) CHECK(pair.to == std::nullopt);
}

TEST_CASE("another parameter: a key is what either policy tells apart") {
  Balancer before, after;
  before.update(pods(4), hashing());
  after.update(pods(4), hashing({{.name = "page"}}));
  ImpactCounter counter(before.state(), after.state());
  for (int q = 0; q < 10; ++q) {
    for (int page = 0; page < 10; ++page) {
      const std::string url = fmt::format("http://a/?query={}&page={}", q, page);
      counter.add(before.pick({.url = url}), after.pick({.url = url}));
    }
  }
  CHECK(counter.finish().keys == 100);
}

TEST_CASE("beyond 65,536 keys they are estimated") {
  Balancer before, after;
  before.update(pods(4), hashing());
  after.update(pods(5), hashing());
  ImpactCounter counter(before.state(), after.state());
  std::mt19937_64 random(8);
  constexpr std::uint64_t keys = 300000;
  for (std::uint64_t i = 0; i < keys; ++i) {
    const std::uint64_t hash = random();
    counter.add(before.pick(hash), after.pick(hash));
  }
  const ImpactCounts counts = counter.finish();
  CHECK(!counts.keys_exact);
  CHECK(counts.requests == keys);
  CHECK(static_cast<double>(counts.keys) == doctest::Approx(keys).epsilon(0.04));
}

}  // namespace junction
