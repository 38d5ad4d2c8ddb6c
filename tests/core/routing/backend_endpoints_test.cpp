#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "junction/service.hpp"

namespace junction {
namespace {

using Why = ExcludedEndpoint::Why;
using Texts = std::vector<std::string>;

Service recs() {
  Service service;
  service.name = "recs";
  service.namespace_ = "shop";
  service.ports = {{.name = "http", .port = 80, .target_port = std::uint16_t{8080}}};
  return service;
}

SliceEndpoint at(std::string ip, std::string zone = {}) {
  SliceEndpoint endpoint;
  endpoint.addresses = {std::move(ip)};
  endpoint.ready = endpoint.serving = true;
  endpoint.zone = std::move(zone);
  return endpoint;
}

EndpointSlice slice(std::vector<SliceEndpoint> endpoints, std::string type = "IPv4") {
  EndpointSlice s;
  s.name = "recs-a";
  s.namespace_ = "shop";
  s.service = "recs";
  s.address_type = std::move(type);
  s.ports = {{.name = "http", .port = 8080}};
  s.endpoints = std::move(endpoints);
  return s;
}

BackendEndpoints read(const std::vector<EndpointSlice>& slices,
                      SliceReading reading = SliceReading::junction) {
  return backend_endpoints(recs(), recs().ports[0], slices, reading);
}

Texts addresses(const BackendEndpoints& backend) {
  Texts list;
  for (const Endpoint& endpoint : backend.endpoints) list.push_back(endpoint.address.to_string());
  return list;
}

SliceEndpoint with(std::string ip, std::optional<bool> ready, std::optional<bool> serving) {
  SliceEndpoint endpoint = at(std::move(ip));
  endpoint.ready = ready;
  endpoint.serving = serving;
  return endpoint;
}

}  // namespace

TEST_CASE("endpoints are grouped by zone, in the order of the slices within one") {
  const auto backend = read({slice({at("10.0.0.1", "b"), at("10.0.0.2", "a"), at("10.0.0.3")}),
                             slice({at("10.0.0.1", "b"), at("10.0.0.4", "a")})});
  CHECK(addresses(backend) ==
        Texts{"10.0.0.3:8080", "10.0.0.2:8080", "10.0.0.4:8080", "10.0.0.1:8080", "10.0.0.1:8080"});
  CHECK(backend.excluded.empty());
  CHECK(backend.slices == 2);
}

TEST_CASE(
    "serving decides for Junction, and ready for Kubernetes; what is unset is read by each its own way") {
  struct Row {
    std::optional<bool> ready, serving;
    std::optional<Why> to_junction, to_kubernetes;
  };
  const Row rows[] = {
      {true, true, {}, {}},
      {false, true, {}, Why::not_serving},
      {true, false, Why::not_serving, {}},
      {false, false, Why::not_serving, Why::not_serving},
      {true, std::nullopt, {}, {}},
      {false, std::nullopt, Why::not_serving, Why::not_serving},
      {std::nullopt, true, {}, {}},
      {std::nullopt, false, Why::not_serving, {}},
      {std::nullopt, std::nullopt, Why::no_ready_condition, {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.ready.value_or(false));
    CAPTURE(row.ready.has_value());
    CAPTURE(row.serving.value_or(false));
    CAPTURE(row.serving.has_value());
    for (const bool junction : {true, false}) {
      CAPTURE(junction);
      const auto backend = read({slice({with("10.0.0.1", row.ready, row.serving)})},
                                junction ? SliceReading::junction : SliceReading::kubernetes);
      const auto why = junction ? row.to_junction : row.to_kubernetes;
      CHECK(backend.endpoints.size() == (why ? 0 : 1));
      REQUIRE(backend.excluded.size() == (why ? 1 : 0));
      if (why) CHECK(backend.excluded[0].why == *why);
    }
  }
}

TEST_CASE("whatever leaves an endpoint out says why, and of a slice which") {
  struct Row {
    const char* name;
    EndpointSlice slice;
    Why why;
    const char* address;
    const char* detail;
  };
  const auto changed = [](auto change) {
    EndpointSlice s = slice({at("10.0.0.1")});
    change(s);
    return s;
  };
  const Row rows[] = {
      {"other number", changed([](auto& s) { s.ports[0].port = 9090; }), Why::other_port, "10.0.0.1:9090",
       "slice recs-a has no port http/8080 (it has http/9090)"},
      {"other name", changed([](auto& s) { s.ports[0].name = "web"; }), Why::other_port, "10.0.0.1:8080",
       "slice recs-a has no port http/8080 (it has web/8080)"},
      {"no name", changed([](auto& s) { s.ports[0].name = ""; }), Why::other_port, "10.0.0.1:8080",
       "slice recs-a has no port http/8080 (it has 8080 without a name)"},
      {"no number", changed([](auto& s) { s.ports[0].port.reset(); }), Why::other_port, "10.0.0.1",
       "slice recs-a has no port http/8080 (it has http without a number)"},
      {"neither", changed([](auto& s) { s.ports[0] = {}; }), Why::other_port, "10.0.0.1",
       "slice recs-a has no port http/8080 (it has one without a name or number)"},
      {"no ports", changed([](auto& s) { s.ports.clear(); }), Why::other_port, "10.0.0.1",
       "slice recs-a has no port http/8080 (it has none)"},
      {"two others", changed([](auto& s) {
         s.ports = {{.name = "a", .port = 1}, {.name = "b", .port = 2}};
       }),
       Why::other_port, "10.0.0.1:1", "slice recs-a has no port http/8080 (it has a/1, b/2)"},
      {"other namespace", changed([](auto& s) { s.namespace_ = "default"; }), Why::other_namespace,
       "10.0.0.1:8080", "slice recs-a is in namespace default, the Service in shop"},
      {"no label", changed([](auto& s) { s.service = ""; }), Why::no_service_label, "10.0.0.1:8080",
       "slice recs-a lacks the label kubernetes.io/service-name"},
      {"Endpoints", changed([](auto& s) {
         s.name = "recs";
         s.endpoints_object = true;
       }),
       Why::endpoints_object, "10.0.0.1:8080", "Endpoints are not read, EndpointSlices are"},
      {"IPv6", slice({at("fd00::1")}, "IPv6"), Why::address_type, "[fd00::1]:8080", ""},
      {"a name", slice({at("recs.example.com")}, "FQDN"), Why::address_type, "recs.example.com:8080", ""},
      {"no address", slice({at("10.0.0.256")}), Why::bad_address, "10.0.0.256:8080", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const auto backend = read({row.slice});
    CHECK(backend.endpoints.empty());
    REQUIRE(backend.excluded.size() == 1);
    CHECK(backend.excluded[0].why == row.why);
    CHECK(backend.excluded[0].address == row.address);
    CHECK(backend.excluded[0].detail == row.detail);
    CHECK(backend.excluded[0].type == row.slice.address_type);
    CHECK(why_name(row.why) != "");
  }
}

TEST_CASE("slices of other Services are passed over without a word") {
  EndpointSlice other = slice({at("10.0.0.9")});
  other.service = "cart";
  EndpointSlice endpoints = slice({at("10.0.0.9")});
  endpoints.name = "cart";
  endpoints.endpoints_object = true;
  const auto backend = read({other, endpoints});
  CHECK(backend.endpoints.empty());
  CHECK(backend.excluded.empty());
  CHECK(backend.slices == 0);
}

TEST_CASE("who takes requests by one slice is not left out because of another") {
  EndpointSlice metrics = slice({at("10.0.0.1"), at("10.0.0.2")});
  metrics.ports = {{.name = "metrics", .port = 9090}};
  const auto backend = read({slice({at("10.0.0.1")}), metrics});
  CHECK(addresses(backend) == Texts{"10.0.0.1:8080"});
  REQUIRE(backend.excluded.size() == 1);
  CHECK(backend.excluded[0].address == "10.0.0.2:9090");
}

TEST_CASE("Kubernetes goes by the port's name, and by IPv6 where there is nothing else") {
  EndpointSlice elsewhere = slice({at("10.0.0.1")});
  elsewhere.ports[0].port = 9090;
  CHECK(addresses(read({elsewhere}, SliceReading::kubernetes)) == Texts{"10.0.0.1:9090"});
  const EndpointSlice v6 = slice({at("fd00::1")}, "IPv6");
  CHECK(addresses(read({v6}, SliceReading::kubernetes)) == Texts{"[fd00::1]:8080"});
  const auto both = read({v6, slice({at("10.0.0.1")})}, SliceReading::kubernetes);
  CHECK(addresses(both) == Texts{"10.0.0.1:8080"});
  REQUIRE(both.excluded.size() == 1);
  CHECK(both.excluded[0].address == "[fd00::1]:8080");
  const auto name = read({slice({at("recs.example.com")}, "FQDN")}, SliceReading::kubernetes);
  CHECK(name.endpoints.empty());
  REQUIRE(name.excluded.size() == 1);
  CHECK(name.excluded[0].why == Why::address_type);
  EndpointSlice unnamed = slice({at("10.0.0.1")});
  unnamed.ports[0].name = "web";
  CHECK(read({unnamed}, SliceReading::kubernetes).excluded.at(0).detail ==
        "slice recs-a has no port named http (it has web/8080)");
}

TEST_CASE("a named targetPort is what the slice says it is") {
  Service service = recs();
  service.ports[0].target_port = std::string("web");
  const auto backend = backend_endpoints(service, service.ports[0], std::vector{slice({at("10.0.0.1")})},
                                         SliceReading::kubernetes);
  CHECK(addresses(backend) == Texts{"10.0.0.1:8080"});
}

TEST_CASE("conditions are kept for whoever asks") {
  SliceEndpoint draining = with("10.0.0.1", false, true);
  draining.terminating = true;
  draining.pod = "recs-1";
  draining.hostname = "one";
  const auto backend = read({slice({draining})});
  REQUIRE(backend.endpoints.size() == 1);
  CHECK_FALSE(backend.endpoints[0].ready);
  CHECK(backend.endpoints[0].serving);
  CHECK(backend.endpoints[0].terminating);
  CHECK(backend.endpoints[0].pod == "recs-1");
  CHECK(backend.endpoints[0].hostname == "one");
}

}  // namespace junction
