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
  std::vector<RefusedAnnotation> refused;
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
    const Implementation& junction = junction_implementation();
    PlacementOptions options;
    options.min_ring_size = policy.min_ring_size;
    const Placement placement = policy.hashes() ? junction.place(endpoints, options) : Placement();
    return lint_backend(
        {&service, 80, endpoints, excluded, refused, &policy, &placement, &junction, options});
  }
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
      {"duplicate",
       [](Fixture& f) { f.endpoints.push_back(f.endpoints.front()); },
       {"duplicate-endpoint", "uneven-shares"}},
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
      {"named target port",
       [](Fixture& f) { f.service.ports[0].target_port = std::string("http"); },
       {"named-target-port"}},
      {"NodePort", [](Fixture& f) { f.service.type = "NodePort"; }, {"service-type"}},
      {"policy on another port",
       [](Fixture& f) { f.service.annotations["junctionlabs.io/backend.lb.81"] = "{}"; },
       {"policy-on-missing-port"}},
      {"policy on no port",
       [](Fixture& f) { f.service.annotations["junctionlabs.io/backend.lb.x"] = "{}"; },
       {"policy-on-missing-port"}},
      {"refused",
       [](Fixture& f) {
         f.refused = {{"junctionlabs.io/backend.lb.80", "no type"}};
       },
       {"policy-refused"}},
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

TEST_CASE("the size that a lint proposes makes shares even") {
  Fixture fixture;
  fixture.endpoints.clear();
  fixture.add_endpoints(20);
  const auto lints = fixture.lint();
  const auto uneven =
      std::find_if(lints.begin(), lints.end(), [](const Lint& l) { return l.code == "uneven-shares"; });
  REQUIRE(uneven != lints.end());
  const std::string digits = uneven->remedy.substr(uneven->remedy.find_first_of("0123456789"));
  fixture.policy.min_ring_size = static_cast<std::uint32_t>(std::stoul(digits));
  CHECK_FALSE(codes_of(fixture.lint()).contains("uneven-shares"));
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
  CHECK(lint_heavy_key("red", 30, 100, 4).has_value());
  CHECK_FALSE(lint_heavy_key("red", 25, 100, 4).has_value());
  CHECK_FALSE(lint_heavy_key("red", 10, 10, 4).has_value());
  CHECK_FALSE(lint_heavy_key("red", 100, 100, 1).has_value());
}

TEST_CASE("lints come most severe first") {
  std::vector<Lint> lints{
      {"a", Severity::info, {}, {}}, {"b", Severity::error, {}, {}}, {"c", Severity::error, {}, {}}};
  sort_by_severity(lints);
  CHECK(lints[0].code == "b");
  CHECK(lints[1].code == "c");
}

}  // namespace junction
