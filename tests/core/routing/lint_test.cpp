#include "junction/lint.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "junction/balancer.hpp"

namespace junction {
namespace {

using Codes = std::set<std::string>;

/// A backend without a fault; rows break one thing each.
struct Fixture {
  Service service;
  std::vector<Endpoint> endpoints;
  std::vector<ExcludedEndpoint> excluded;
  std::vector<Refusal> refusals;
  Policy policy{.type = Policy::Type::ring_hash, .hash_params = {{.name = "query"}}};

  Fixture() {
    service.name = "recs";
    service.ports = {{.port = 80, .target_port = std::uint16_t{80}}};
    add_endpoints(4);
  }

  void add_endpoints(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      Endpoint endpoint;
      endpoint.address =
          *SocketAddress::parse("10.42." + std::to_string(i / 200) + "." + std::to_string(17 + i % 200), 80);
      endpoints.push_back(endpoint);
    }
  }

  [[nodiscard]] std::vector<Lint> lint() const {
    const Implementation& client = *find_implementation(implementation);
    PlacementOptions options;
    options.min_ring_size = policy.min_ring_size;
    const Placement placement = policy.hashes() ? client.place(endpoints, options) : Placement();
    return lint_backend({.service = &service,
                         .port = 80,
                         .endpoints = endpoints,
                         .excluded = excluded,
                         .slices = slices,
                         .from_files = from_files,
                         .refusals = refusals,
                         .policy = &policy,
                         .placement = &placement,
                         .implementation = &client,
                         .options = options});
  }

  std::string implementation = "junction";
  std::size_t slices = 1;
  bool from_files = false;
};

Codes codes_of(const std::vector<Lint>& lints) {
  Codes codes;
  for (const Lint& lint : lints) codes.insert(lint.code);
  return codes;
}

}  // namespace

TEST_CASE("each fault of a backend has its code, and a backend without fault has none") {
  struct Row {
    const char* name;
    std::function<void(Fixture&)> fault;
    Codes codes;
  };
  const Row rows[] = {
      {"no fault", [](Fixture&) {}, {}},
      {"round robin", [](Fixture& f) { f.policy = {.type = Policy::Type::round_robin}; }, {"round-robin"}},
      {"nothing hashed", [](Fixture& f) { f.policy.hash_params.clear(); }, {"no-hash-params"}},
      {"terminal first",
       [](Fixture& f) {
         f.policy.hash_params = {{.name = "query", .terminal = true}, {.name = "limit"}};
       },
       {"terminal-hides"}},
      {"terminal last",
       [](Fixture& f) {
         f.policy.hash_params = {{.name = "query"}, {.name = "limit", .terminal = true}};
       },
       {}},
      {"duplicate", [](Fixture& f) { f.endpoints.push_back(f.endpoints.front()); }, {"duplicate-endpoint"}},
      {"ring below endpoints", [](Fixture& f) { f.policy.min_ring_size = 3; }, {"ring-below-endpoints"}},
      {"uneven", [](Fixture& f) { f.policy.min_ring_size = 16; }, {"uneven-shares"}},
      {"weights", [](Fixture& f) { f.endpoints[1].weight = 3; }, {"weights-ignored"}},
      {"empty", [](Fixture& f) { f.endpoints.clear(); }, {"no-endpoints"}},
      {"IPv6 only",
       [](Fixture& f) {
         f.endpoints.clear();
         f.excluded = {{.address = "[fd00::1]:80", .why = ExcludedEndpoint::Why::address_type}};
       },
       {"no-endpoints", "ipv6-only"}},
      {"not ready",
       [](Fixture& f) {
         f.excluded = {{.address = "10.42.0.99:80", .why = ExcludedEndpoint::Why::not_serving}};
       },
       {"not-ready"}},
      {"terminating", [](Fixture& f) { f.endpoints[0].terminating = true; }, {"terminating"}},
      {"policy on another port",
       [](Fixture& f) { f.service.annotations["junctionlabs.io/backend.lb.81"] = "{}"; },
       {"policy-on-missing-port"}},
      {"policy on no port",
       [](Fixture& f) { f.service.annotations["junctionlabs.io/backend.lb.x"] = "{}"; },
       {"policy-on-missing-port"}},
      {"refused",
       [](Fixture& f) {
         f.refusals = {{Refusal::Kind::annotation, 80, "junctionlabs.io/backend.lb.80", "no type"}};
       },
       {"policy-refused"}},
      {"of another type",
       [](Fixture& f) {
         f.refusals = {{Refusal::Kind::service_type, 0, {}, "service/recs is of type NodePort"}};
       },
       {"service-type"}},
      {"named target port",
       [](Fixture& f) {
         f.refusals = {{Refusal::Kind::named_target_port, 81, {}, "port 81 ..."}};
       },
       {"named-target-port"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Fixture fixture;
    row.fault(fixture);
    const auto lints = fixture.lint();
    CHECK(codes_of(lints) == row.codes);
    for (const Lint& lint : lints) {
      CHECK_FALSE(lint.evidence.empty());
      CHECK_FALSE(lint.remedy.empty());
    }
  }
}

TEST_CASE("requests are remarked on by what a client makes of them") {
  struct Row {
    const char* url;
    Codes codes;
  };
  const Row rows[] = {
      {"http://recs/?query=red", {}},
      {"http://recs/?limit=10", {"missing-parameter"}},
      {"http://recs/", {"random"}},
      {"http://recs/?query=pinot+noir", {"percent-encoding"}},
      {"http://recs/?query=re%64", {"percent-encoding"}},
      {"http://recs/?query=%FF", {"undecodable"}},
      {"http://recs/?query=100%", {}},
  };
  const Fixture fixture;
  Balancer balancer;
  balancer.update(fixture.endpoints, fixture.policy);
  for (const Row& row : rows) {
    CAPTURE(row.url);
    RequestLints lints;
    const Request request{.url = row.url, .headers = {}};
    lints.add(request, balancer.explain(request), 0);
    CHECK(codes_of(lints.finish(1)) == row.codes);
  }
}

TEST_CASE("requests without the parameter meet on one endpoint unless another policy tells them apart") {
  Fixture fixture;
  for (const bool alone : {true, false}) {
    if (!alone) fixture.policy.hash_params.push_back({HashParam::Type::header, "x-user", false});
    Balancer balancer;
    balancer.update(fixture.endpoints, fixture.policy);
    const Request request{.url = "/?limit=1", .headers = {}};
    RequestLints lints;
    lints.add(request, balancer.explain(request), 0);
    const auto found = lints.finish(1);
    REQUIRE(found.size() == 1);
    const std::string place = balancer.pick(request).address.to_string();
    CHECK((found[0].evidence.find("all go to " + place) != std::string::npos) == alone);
    CHECK((found[0].remedy.find("meet on one endpoint") != std::string::npos) == alone);
  }
}

TEST_CASE("a key is heavy once it has more than one endpoint's fair share of enough requests") {
  struct Row {
    std::uint64_t requests, total;
    std::size_t endpoints;
    bool heavy;
  };
  const Row rows[] = {
      {26, 100, 4, true}, {25, 100, 4, false},  // one of four has a quarter
      {20, 20, 4, true},  {19, 19, 4, false},   // five requests an endpoint are enough to say so
      {6, 10, 2, true},   {5, 10, 2, false},   {100, 100, 1, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.requests);
    CAPTURE(row.total);
    CHECK(lint_heavy_key("red", row.requests, row.total, row.endpoints).has_value() == row.heavy);
  }
  CHECK(lint_heavy_key("red", 26, 100, 4)->evidence ==
        "'red' has 26 of 100 requests (26%); one of 4 endpoints should have 25%");
}

TEST_CASE("lints come most severe first") {
  std::vector<Lint> lints{
      {"a", Severity::info, {}, {}}, {"b", Severity::error, {}, {}}, {"c", Severity::error, {}, {}}};
  sort_by_severity(lints);
  CHECK(lints[0].code == "b");
  CHECK(lints[1].code == "c");
}

TEST_CASE("what only Junction's control plane minds is no more than information to other clients") {
  for (const auto& [client, severity] :
       {std::pair{"junction", Severity::error}, std::pair{"envoy", Severity::info}}) {
    CAPTURE(client);
    Fixture fixture;
    fixture.implementation = client;
    fixture.refusals = {
        {Refusal::Kind::annotation, 80, "junctionlabs.io/backend.lb.80", "no type"},
        {Refusal::Kind::service_type, 0, {}, "service/recs is of type LoadBalancer"},
        {Refusal::Kind::named_target_port, 80, {}, "port 80 of service/recs has the targetPort 'http'"}};
    const auto lints = fixture.lint();
    REQUIRE(lints.size() == 3);
    for (const Lint& lint : lints) CHECK(lint.severity == severity);
    CHECK(lints[0].evidence == "junctionlabs.io/backend.lb.80: no type");
    CHECK(lints[1].evidence == "service/recs is of type LoadBalancer");
  }
}

TEST_CASE("a policy alone has its lints before it is written") {
  struct Row {
    const char* name;
    Policy policy;
    Codes codes;
  };
  const Policy ring{.type = Policy::Type::ring_hash, .hash_params = {{.name = "query"}}};
  const auto with = [&](std::uint32_t size, std::vector<HashParam> params) {
    Policy policy = ring;
    policy.min_ring_size = size;
    policy.hash_params = std::move(params);
    return policy;
  };
  const Row rows[] = {
      {"fine", ring, {}},
      {"hashes nothing", with(1024, {}), {"no-hash-params"}},
      {"no ring", with(0, {{.name = "query"}}), {"ring-below-endpoints"}},
      {"both", with(0, {}), {"no-hash-params", "ring-below-endpoints"}},
      {"one entry", with(1, {{.name = "query"}}), {}},
      {"hidden", with(1024, {{.name = "query", .terminal = true}, {.name = "limit"}}), {"terminal-hides"}},
      {"round robin", {.type = Policy::Type::round_robin, .min_ring_size = 0, .hash_params = {}}, {}},
      {"nothing said", {}, {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(codes_of(lint_policy(row.policy)) == row.codes);
  }
}

TEST_CASE("a header that is terminal hides the rest from fewer requests than a parameter") {
  Fixture fixture;
  fixture.policy.hash_params = {{HashParam::Type::header, "x-user", true}, {.name = "a"}, {.name = "b"}};
  const auto lints = fixture.lint();
  REQUIRE(lints.size() == 1);
  CHECK(lints[0].severity == Severity::info);
  CHECK(lints[0].evidence == "'x-user' is terminal, and 2 policies come after it");
}

}  // namespace junction
