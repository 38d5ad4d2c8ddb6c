#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "junction/service.hpp"

namespace junction {
namespace {

Service recs() {
  Service service;
  service.name = "wineinfo-recs";
  service.ports = {{.name = "", .port = 80, .target_port = std::uint16_t{8080}},
                   {.name = "admin", .port = 81, .target_port = std::string("admin")}};
  return service;
}

EndpointSlice slice(std::vector<SliceEndpoint> endpoints, std::string type = "IPv4") {
  EndpointSlice s;
  s.name = "wineinfo-recs-a1";
  s.address_type = std::move(type);
  s.ports = {{.name = "", .port = 8080}};
  s.endpoints = std::move(endpoints);
  return s;
}

SliceEndpoint at(std::string ip, std::string zone = {}) {
  SliceEndpoint endpoint;
  endpoint.addresses = {std::move(ip)};
  endpoint.ready = endpoint.serving = true;
  endpoint.zone = std::move(zone);
  return endpoint;
}

}  // namespace

TEST_CASE("endpoints are grouped by zone, and serving decides before ready") {
  SliceEndpoint draining = at("10.0.0.3");
  draining.ready = false;
  draining.terminating = true;
  SliceEndpoint unready = at("10.0.0.4");
  unready.serving = false;
  SliceEndpoint silent = at("10.0.0.5");
  silent.ready = silent.serving = std::nullopt;
  SliceEndpoint only_ready = at("10.0.0.6");
  only_ready.serving = std::nullopt;
  const std::vector<EndpointSlice> slices{
      slice({at("10.0.0.1", "b"), at("10.0.0.2", "a"), draining, unready, silent, only_ready}),
      slice({at("fd00::1")}, "IPv6"), slice({at("10.0.0.1", "b")})};
  const auto backend = backend_endpoints(recs(), 80, slices);
  REQUIRE(backend.ok());
  std::vector<std::string> got;
  for (const Endpoint& endpoint : backend->endpoints) got.push_back(endpoint.address.to_string());
  CHECK(got == std::vector<std::string>{"10.0.0.3:8080", "10.0.0.6:8080", "10.0.0.2:8080", "10.0.0.1:8080",
                                        "10.0.0.1:8080"});
  REQUIRE(backend->excluded.size() == 3);
  CHECK(backend->excluded[0].why == ExcludedEndpoint::Why::not_serving);
  CHECK(backend->excluded[2].address == "[fd00::1]:8080");
}

TEST_CASE("a port that is missing, named or of another type is refused by name") {
  CHECK(backend_endpoints(recs(), 8080, {}).error().message ==
        "service/wineinfo-recs has no port 8080: it has 80, 81 (admin)");
  CHECK(backend_endpoints(recs(), 81, {}).error().kind == ErrorKind::unsupported);
  Service node_port = recs();
  node_port.type = "NodePort";
  CHECK(backend_endpoints(node_port, 80, {}).error().kind == ErrorKind::unsupported);
}

TEST_CASE("ExternalName without ports means 80 and 443") {
  Service external;
  external.type = "ExternalName";
  CHECK(external.find_port(443).has_value());
  CHECK_FALSE(external.find_port(8080).has_value());
}

}  // namespace junction
