#include "junction/service.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace junction {
namespace {

Service recs() {
  Service service;
  service.name = "wineinfo-recs";
  service.ports = {{.name = "", .port = 80, .target_port = std::uint16_t{8080}},
                   {.name = "admin", .port = 81, .target_port = std::uint16_t{8081}}};
  return service;
}

}  // namespace

TEST_CASE("ExternalName without ports means 80 and 443") {
  Service external;
  external.type = "ExternalName";
  CHECK(external.find_port(443).has_value());
  CHECK_FALSE(external.find_port(8080).has_value());
  CHECK(ports_in_words(external) == "80 and 443");
}

TEST_CASE("ports are said with their names") {
  CHECK(ports_in_words(recs()) == "80, 81 (admin)");
  CHECK(ports_in_words(Service{}) == "none");
}

TEST_CASE("a port has one annotation, spelt one way") {
  struct Row {
    const char* key;
    std::optional<std::uint16_t> port;
  };
  const Row rows[] = {
      {"junctionlabs.io/backend.lb.80", 80},
      {"junctionlabs.io/backend.lb.65535", 65535},
      {"junctionlabs.io/backend.lb.0", 0},
      {"junctionlabs.io/backend.lb.65536", std::nullopt},
      {"junctionlabs.io/backend.lb.080", std::nullopt},
      {"junctionlabs.io/backend.lb.+80", std::nullopt},
      {"junctionlabs.io/backend.lb.80 ", std::nullopt},
      {"junctionlabs.io/backend.lb.http", std::nullopt},
      {"junctionlabs.io/backend.lb.", std::nullopt},
      {"junctionlabs.io/backend.lb", std::nullopt},
      {"junctionlabs.io/backend", std::nullopt},
  };
  for (const Row& row : rows) {
    CAPTURE(row.key);
    CHECK(Service::policy_port(row.key) == row.port);
    if (row.port) CHECK(Service::policy_annotation(*row.port) == row.key);
  }
}

TEST_CASE(
    "a type that Junction does not know and a named targetPort are refused, the port asked for or not") {
  const auto kinds = [](const Service& service) {
    std::vector<Refusal::Kind> found;
    for (const Refusal& refusal : refusals_of_shape(service)) found.push_back(refusal.kind);
    return found;
  };
  using enum Refusal::Kind;
  using Kinds = std::vector<Refusal::Kind>;
  Service service = recs();
  CHECK(kinds(service).empty());
  service.ports[1].target_port = std::string("admin");
  CHECK(kinds(service) == Kinds{named_target_port});
  CHECK(refusals_of_shape(service)[0].port == 81);
  CHECK(refusals_of_shape(service)[0].to_string() ==
        "port 81 of service/wineinfo-recs has the targetPort 'admin'");
  service.type = "NodePort";
  CHECK(kinds(service) == Kinds{service_type, named_target_port});
  CHECK(refusals_of_shape(service)[0].to_string() == "service/wineinfo-recs is of type NodePort");
  service.type = "ExternalName";  // its ports lead to the name's addresses as they are
  CHECK(kinds(service).empty());
  const Refusal broken{Refusal::Kind::annotation, 80, "junctionlabs.io/backend.lb.80", "no JSON"};
  CHECK(broken.to_string() == "annotation junctionlabs.io/backend.lb.80: no JSON");
}

}  // namespace junction
