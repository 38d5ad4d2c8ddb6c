#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "junction/balancer.hpp"

namespace junction {
namespace {

std::vector<Endpoint> endpoints(std::initializer_list<const char*> addresses) {
  std::vector<Endpoint> list;
  for (const char* address : addresses) list.push_back({.address = SocketAddress::parse(address).value()});
  return list;
}

Policy by_query() {
  return {.type = Policy::Type::ring_hash, .hash_params = {{HashParam::Type::query_param, "query", false}}};
}

}  // namespace

TEST_CASE("without endpoints nothing is picked, whatever the policy") {
  Balancer balancer;
  CHECK(balancer.pick({.url = "/?query=red"}).reason == PickReason::no_endpoints);
  balancer.set_policy(by_query());
  const Pick pick = balancer.pick({.url = "/?query=red"});
  CHECK(pick.reason == PickReason::no_endpoints);
  CHECK(pick.hash.has_value());
}

TEST_CASE("round robin takes the endpoints in turn, from the first") {
  Balancer balancer;
  balancer.set_endpoints(endpoints({"10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"}));
  for (std::uint32_t turn = 0; turn < 7; ++turn) {
    CHECK(balancer.explain(Request{.url = "/"}).pick.endpoint == turn % 3);  // explaining takes no turn
    CHECK(balancer.pick(Request{.url = "/"}).endpoint == turn % 3);
  }
}

TEST_CASE("a pick by ring hash holds while the version does, and every update changes the version") {
  Balancer balancer;
  const Request red{.url = "/?query=red"};
  std::uint64_t version = balancer.version();
  const auto changed = [&] { return std::exchange(version, balancer.version()) != version; };
  balancer.update(endpoints({"10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"}), by_query());
  CHECK(changed());
  const Pick before = balancer.pick(red);
  CHECK(balancer.pick(red).address == before.address);
  CHECK_FALSE(changed());
  balancer.set_endpoints(endpoints({"10.0.0.9:80"}));
  CHECK(changed());
  CHECK_FALSE(balancer.pick(red).address == before.address);
  balancer.set_policy({});
  CHECK(changed());
}

TEST_CASE("requests without a value spread over all endpoints, and the same seed spreads alike") {
  const auto draw = [](std::uint64_t seed) {
    Balancer balancer(junction_implementation(), {.placement = {}, .seed = seed});
    balancer.update(endpoints({"10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80", "10.0.0.4:80"}), by_query());
    std::vector<std::uint32_t> picks;
    for (int i = 0; i < 400; ++i) {
      const Pick pick = balancer.pick({.url = "/no/query"});
      CHECK(pick.reason == PickReason::random);
      picks.push_back(pick.endpoint);
    }
    return picks;
  };
  const auto picks = draw(1);
  std::map<std::uint32_t, int> counts;
  for (const std::uint32_t pick : picks) ++counts[pick];
  for (std::uint32_t endpoint = 0; endpoint < 4; ++endpoint) CHECK(counts[endpoint] > 50);
  CHECK(draw(1) == picks);
  CHECK(draw(2) != picks);
}

TEST_CASE("an explanation names the entry that was met") {
  Balancer balancer;
  balancer.update(endpoints({"10.42.0.17:80", "10.42.0.18:80"}), by_query());
  const Explanation explanation = balancer.explain({.url = "/?query=red"});
  REQUIRE(explanation.entry);
  const Placement placement = balancer.state().placement;
  REQUIRE(placement.ring());
  const Ring& ring = *placement.ring();
  CHECK(ring.entries()[*explanation.entry].endpoint == explanation.pick.endpoint);
  CHECK(ring.entries()[*explanation.entry].hash >= *explanation.pick.hash);
  REQUIRE(explanation.steps.size() == 1);
  CHECK(explanation.steps[0].bytes == "red\xff");
}

// Two worlds with disjoint addresses and different policies alternate. A pick that mixed them would pair a
// round-robin reason with a ring-hash world's address, or the other way round. ThreadSanitizer watches the
// same test.
TEST_CASE("a pick never sees half an update") {
  const auto round_robin_world = endpoints({"10.1.0.1:1", "10.1.0.2:1", "10.1.0.3:1"});
  const auto ring_world = endpoints({"10.2.0.1:2", "10.2.0.2:2"});
  Policy ring_policy = by_query();
  ring_policy.min_ring_size = 64;
  Balancer balancer;
  balancer.update(ring_world, ring_policy);

  std::atomic<bool> stop{false};
  std::atomic<int> mixed{0};
  std::array<std::atomic<int>, 2> seen{};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!stop.load()) {
        const Pick pick = balancer.pick({.url = "/?query=red"});
        const bool ring = pick.reason == PickReason::ring_hash;
        ++seen[ring];
        if (pick.address.port != (ring ? 2 : 1)) ++mixed;
        if (pick.endpoint >= (ring ? ring_world.size() : round_robin_world.size())) ++mixed;
      }
    });
  }
  for (int i = 0; i < 200 || seen[0] == 0 || seen[1] == 0; ++i)
    balancer.update(i % 2 ? ring_world : round_robin_world, i % 2 ? ring_policy : Policy{});
  stop = true;
  for (std::thread& reader : readers) reader.join();
  CHECK(mixed == 0);
}

}  // namespace junction
