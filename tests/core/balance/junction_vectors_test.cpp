// Every case of junction-ring-hash.jsonl: numbers computed by Junction's own load balancer.
#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "junction/balancer.hpp"
#include "junction/hash.hpp"

using nlohmann::json;

namespace junction {
namespace {

Policy policy_from(const json& from) {
  Policy policy{
      .type = Policy::Type::ring_hash, .min_ring_size = from.at("min_ring_size"), .hash_params = {}};
  for (const json& param : from.at("hash_params")) {
    const auto type = param.at("type") == "Header" ? HashParam::Type::header : HashParam::Type::query_param;
    policy.hash_params.push_back({type, param.at("name"), param.value("terminal", false)});
  }
  return policy;
}

void check_request(const Balancer& balancer, const json& request) {
  const std::string url = request.at("url");
  CAPTURE(url);
  std::vector<std::pair<std::string, std::string>> owned;
  if (request.contains("headers") && !request["headers"].is_null())
    owned = request["headers"].get<decltype(owned)>();
  std::vector<Header> headers;
  for (const auto& [name, value] : owned) headers.push_back({name, value});

  const Pick pick = balancer.pick({.url = url, .headers = headers});
  CHECK((pick.hash ? json(hex64(*pick.hash)) : json(nullptr)) == request.at("hash"));
  if (pick.reason == PickReason::ring_hash) CHECK(pick.address.to_string() == request.at("endpoint"));
  if (request.value("endpoint", json()).is_null()) CHECK(pick.reason != PickReason::ring_hash);

  const Explanation explanation = balancer.explain({.url = url, .headers = headers});
  CHECK(explanation.pick.hash == pick.hash);
  if (pick.hash) CHECK(explanation.steps.back().combined == pick.hash);
}

void check_ring(const Ring& ring, const json& expected) {
  CHECK(ring.size() == expected.at("ring_size"));
  CHECK(hex64(ring.digest()) == expected.at("ring_xxh64"));
  std::size_t i = 0;
  for (const json& head : expected.at("ring_head")) {
    CHECK(hex64(ring.entries()[i].hash) == head.at(0));
    CHECK(ring.entries()[i].endpoint == head.at(1));
    ++i;
  }
}

}  // namespace

TEST_CASE("Junction's own vectors") {
  std::ifstream file(TEST_DATA "/junction-ring-hash.jsonl");
  std::size_t cases = 0, requests = 0;
  for (std::string line; std::getline(file, line);) {
    const json test = json::parse(line);
    const std::string name = test.at("name");
    CAPTURE(name);
    std::vector<Endpoint> endpoints;
    for (const std::string address : test.at("endpoints"))
      endpoints.push_back({.address = SocketAddress::parse(address).value()});
    Balancer balancer;
    balancer.update(endpoints, policy_from(test.at("policy")));
    if (test.contains("ring_xxh64")) check_ring(*balancer.state().placement.ring(), test);
    for (const json& request : test.at("requests")) check_request(balancer, request), ++requests;
    ++cases;
  }
  CHECK(cases == 30);
  CHECK(requests == 455);
}

TEST_CASE("the entry bytes of the published example") {
  const std::vector<Endpoint> one{{.address = SocketAddress::parse("10.42.0.17:80").value()}};
  const Placement placement = junction_implementation().place(one, {.min_ring_size = 8});
  REQUIRE(placement.ring());
  const Ring& ring = *placement.ring();
  REQUIRE(ring.size() == 8);
  for (const RingEntry& entry : ring.entries())
    if (entry.replica == 7) CHECK(hex64(entry.hash) == "89397db623702548");
}

}  // namespace junction
