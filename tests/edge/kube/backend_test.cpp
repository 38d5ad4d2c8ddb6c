#include "junction/kube/backend.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "junction/policy_json.hpp"

namespace junction::kube {
namespace {

constexpr const char* ring = R"({"type":"RingHash","hash_params":[{"type":"QueryParam","name":"query"}]})";

Service recs(std::vector<std::uint16_t> ports) {
  Service service;
  service.name = "recs";
  service.namespace_ = "shop";
  for (const std::uint16_t port : ports)
    service.ports.push_back(
        {.name = "p" + std::to_string(port), .port = port, .target_port = std::uint16_t{8080}});
  return service;
}

std::vector<EndpointSlice> slices() {
  EndpointSlice slice;
  slice.name = "recs-a";
  slice.namespace_ = "shop";
  slice.service = "recs";
  slice.address_type = "IPv4";
  for (const char* const port : {"p8", "p80", "p81"}) slice.ports.push_back({.name = port, .port = 8080});
  for (const char* const ip : {"10.0.0.1", "10.0.0.2"})
    slice.endpoints.push_back({.addresses = {ip}, .ready = true, .serving = true});
  return {slice};
}

std::string annotation(int port) {
  return "junctionlabs.io/backend.lb." + std::to_string(port);
}

Backend judged(Service service, std::uint16_t port) {
  auto backend = judge_backend(std::move(service), slices(), port);
  REQUIRE(backend);
  return std::move(*backend);
}

std::vector<std::string> refused_keys(const Backend& backend) {
  std::vector<std::string> keys;
  for (const Refusal& refusal : backend.refusals) keys.push_back(refusal.key);
  return keys;
}

}  // namespace

TEST_CASE("a broken annotation of another port drops the Service for every port") {
  Service service = recs({80, 81});
  service.annotations = {{annotation(80), ring}, {annotation(81), R"({"type":"Nope"})"}};
  for (const std::uint16_t port : std::vector<std::uint16_t>{80, 81}) {
    CAPTURE(port);
    const Backend backend = judged(service, port);
    CHECK(backend.dropped());
    CHECK(backend.in_force().empty());
    CHECK(backend.endpoints.endpoints.size() == 2);  // what there would be
    CHECK(backend.policy.hashes() == (port == 80));
    CHECK(backend.policy_source == "annotation " + annotation(port));
    CHECK(refused_keys(backend) == std::vector{annotation(81)});
    CHECK(backend.refusals[0].port == 81);
    CHECK(backend.why_dropped() ==
          "annotation " + annotation(81) +
              ": 'Nope' is not a policy type: use RingHash, RoundRobin or Unspecified");
  }
}

TEST_CASE("nobody reads the annotation of a port that the Service lacks, or of none") {
  Service service = recs({80});
  service.annotations = {{annotation(80), ring},
                         {annotation(81), R"({"type":"Nope"})"},
                         {"junctionlabs.io/backend.lb.080", "{broken"},
                         {"junctionlabs.io/backend.lb.http", "{broken"}};
  const Backend backend = judged(service, 80);
  CHECK_FALSE(backend.dropped());
  CHECK(backend.in_force().size() == 2);
  CHECK(backend.why_dropped().empty());
}

TEST_CASE("a policy from flags stands in for the annotation of its own port alone") {
  struct Row {
    const char* name;
    std::vector<std::uint16_t> ports;
    std::vector<std::uint16_t> broken;
    std::uint16_t port;
    bool dropped;
  };
  const Row rows[] = {
      {"its own", {80, 81}, {80}, 80, false},
      {"the other", {80, 81}, {81}, 80, true},
      {"both, asked for the first", {80, 81}, {80, 81}, 80, true},
      {"both, asked for the second", {80, 81}, {80, 81}, 81, true},
      {"a port whose digits begin the other's", {8, 80}, {80}, 8, true},
      {"a port that begins with the other's digits", {8, 80}, {8}, 80, true},
      {"none", {80}, {}, 80, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Service service = recs(row.ports);
    for (const std::uint16_t port : row.ports) service.annotations[annotation(port)] = ring;
    for (const std::uint16_t port : row.broken) service.annotations[annotation(port)] = "{broken";
    Backend backend = judged(service, row.port);
    override_policy(backend, Policy{.type = Policy::Type::round_robin, .hash_params = {}}, "flags");
    CHECK(backend.dropped() == row.dropped);
    CHECK(backend.in_force().size() == (row.dropped ? 0 : 2));
    CHECK(backend.policy.type == Policy::Type::round_robin);
    CHECK(backend.policy_source == "flags");
  }
}

TEST_CASE("flags do not mend what is wrong with the Service itself") {
  Service service = recs({80, 81});
  service.ports[1].target_port = std::string("admin");
  Backend backend = judged(service, 80);
  override_policy(backend, Policy{}, "flags");
  CHECK(backend.dropped());
  CHECK(backend.why_dropped() == "port 81 of service/recs has the targetPort 'admin'");
}

TEST_CASE("a Service that only Junction refuses has endpoints for other clients") {
  Service named = recs({80});
  named.ports[0].target_port = std::string("http");
  Service balancer = recs({80});
  balancer.type = "LoadBalancer";
  for (const Service& service : {named, balancer}) {
    CAPTURE(service.type);
    const Backend backend = judged(service, 80);
    CHECK(backend.dropped());
    CHECK(backend.in_force().empty());
    REQUIRE(backend.kubernetes.endpoints.size() == 2);
    CHECK(backend.kubernetes.endpoints[0].address.to_string() == "10.0.0.1:8080");
  }
}

TEST_CASE("no annotation is no policy") {
  const Backend backend = judged(recs({80}), 80);
  CHECK(backend.policy == Policy{});
  CHECK(backend.policy_source == "no annotation " + annotation(80));
}

TEST_CASE("an ExternalName Service is not resolved where it is dropped") {
  Service service;
  service.name = "recs";
  service.type = "ExternalName";
  service.external_name = "no-such-host.invalid";
  CHECK(judge_backend(service, {}, 80).error().kind == ErrorKind::network);
  service.annotations = {{annotation(443), "{broken"}};
  const auto backend = judge_backend(service, {}, 80);
  REQUIRE(backend);
  CHECK(backend->dropped());
  service.external_name = "127.0.0.7";
  service.annotations.clear();
  CHECK(judge_backend(service, {}, 443)->in_force().at(0).address.to_string() == "127.0.0.7:443");
  CHECK(judge_backend(service, {}, 8080).error().message ==
        "service/recs has no port 8080: it has 80 and 443");
}

}  // namespace junction::kube
