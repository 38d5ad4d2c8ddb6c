#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "junction/lint.hpp"

namespace junction {
namespace {

using Why = ExcludedEndpoint::Why;

struct Subject {
  Service service;
  std::vector<Endpoint> endpoints;
  std::vector<ExcludedEndpoint> excluded;
  std::size_t slices = 0;
  bool from_files = false;
  bool has_service = true;
  const char* client = "junction";

  [[nodiscard]] std::vector<Lint> lint() const {
    const Policy policy{.type = Policy::Type::ring_hash, .hash_params = {{.name = "query"}}};
    const Placement placement = junction_implementation().place(endpoints, {});
    return lint_backend({.service = has_service ? &service : nullptr,
                         .port = 80,
                         .endpoints = endpoints,
                         .excluded = excluded,
                         .slices = slices,
                         .from_files = from_files,
                         .refusals = {},
                         .policy = &policy,
                         .placement = &placement,
                         .implementation = find_implementation(client),
                         .options = {}});
  }
};

Lint only(const std::vector<Lint>& lints, const std::string& code) {
  const auto found = std::find_if(lints.begin(), lints.end(), [&](const Lint& l) { return l.code == code; });
  REQUIRE(found != lints.end());
  CHECK(std::count_if(lints.begin(), lints.end(), [&](const Lint& l) { return l.code == code; }) == 1);
  return *found;
}

Subject recs() {
  Subject subject;
  subject.service.name = "recs";
  return subject;
}

ExcludedEndpoint left_out(Why why, std::string detail = {}) {
  return {.address = "10.0.0.1:80",
          .why = why,
          .pod = "recs-1",
          .slice = "a",
          .type = "IPv6",
          .detail = std::move(detail)};
}

}  // namespace

TEST_CASE("no endpoints: the lint says what left them out, and what to do about it") {
  struct Row {
    const char* name;
    ExcludedEndpoint excluded;
    const char* evidence;
    const char* remedy;
  };
  const Row rows[] = {
      {"not serving", left_out(Why::not_serving), "10.0.0.1:80 (recs-1) is not serving", "pods are ready"},
      {"no condition", left_out(Why::no_ready_condition),
       "10.0.0.1:80 (recs-1) has no ready condition: Kubernetes counts it as ready, Junction's control plane "
       "does not",
       "set conditions.ready: true"},
      {"type", left_out(Why::address_type), "10.0.0.1:80 (recs-1) is in a slice of type IPv6", "IPv4 family"},
      {"address", left_out(Why::bad_address), "10.0.0.1:80 (recs-1) is no address", "without a port"},
      {"port", left_out(Why::other_port, "slice a has no port http/80 (it has http/8080)"),
       "slice a has no port http/80 (it has http/8080)", "targetPort"},
      {"namespace", left_out(Why::other_namespace, "slice a is in namespace b, the Service in c"),
       "slice a is in namespace b, the Service in c", "one namespace"},
      {"label", left_out(Why::no_service_label, "slice a lacks the label kubernetes.io/service-name"),
       "slice a lacks the label kubernetes.io/service-name", "kubernetes.io/service-name: recs"},
      {"Endpoints", left_out(Why::endpoints_object, "Endpoints are not read, EndpointSlices are"),
       "Endpoints are not read, EndpointSlices are", "kubectl get endpointslices"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Subject subject = recs();
    subject.excluded = {row.excluded};
    const Lint lint = only(subject.lint(), "no-endpoints");
    CHECK(lint.severity == Severity::error);
    CHECK(lint.evidence == std::string("no endpoint can take a request: ") + row.evidence);
    CHECK(lint.remedy.find(row.remedy) != std::string::npos);
  }
}

TEST_CASE("several reasons are all said, each once, with how many it is of") {
  Subject subject = recs();
  subject.excluded = {left_out(Why::not_serving), left_out(Why::no_ready_condition),
                      left_out(Why::not_serving)};
  CHECK(only(subject.lint(), "no-endpoints").evidence ==
        "no endpoint can take a request: 10.0.0.1:80 (recs-1) (one of 2) is not serving; 10.0.0.1:80 "
        "(recs-1) has "
        "no ready condition: Kubernetes counts it as ready, Junction's control plane does not");
}

TEST_CASE("names in slices are not looked up, so an IPv4 family would not help") {
  Subject subject = recs();
  subject.excluded = {left_out(Why::address_type)};
  subject.excluded[0].type = "FQDN";
  const auto lints = subject.lint();
  CHECK(only(lints, "ipv6-only").remedy.find("IPv4 family") == std::string::npos);
  CHECK(only(lints, "no-endpoints").remedy == "list addresses: names in EndpointSlices are not looked up");
}

TEST_CASE("where nothing is listed, it depends on where was looked") {
  struct Row {
    const char* name;
    std::size_t slices;
    bool from_files, has_service;
    Severity severity;
    const char* evidence;
  };
  const Row rows[] = {
      {"files without slices", 0, true, true, Severity::info,
       "the files hold no EndpointSlice of service/recs"},
      {"files with an empty slice", 1, true, true, Severity::error,
       "the EndpointSlices of service/recs list no endpoint"},
      {"cluster without slices", 0, false, true, Severity::error,
       "the cluster holds no EndpointSlice of service/recs"},
      {"cluster with an empty slice", 1, false, true, Severity::error,
       "the EndpointSlices of service/recs list no endpoint"},
      {"an empty list", 0, false, false, Severity::error, "no endpoint can take a request"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Subject subject = recs();
    subject.slices = row.slices;
    subject.from_files = row.from_files;
    subject.has_service = row.has_service;
    const Lint lint = only(subject.lint(), "no-endpoints");
    CHECK(lint.severity == row.severity);
    CHECK(lint.evidence == row.evidence);
  }
}

TEST_CASE("beside endpoints that serve, those that do not are counted") {
  Subject subject = recs();
  subject.endpoints = {{.address = *SocketAddress::parse("10.0.0.9:80")}};
  subject.excluded = {left_out(Why::not_serving), left_out(Why::not_serving)};
  CHECK(only(subject.lint(), "not-ready").evidence ==
        "2 of 3 endpoints are not serving, such as 10.0.0.1:80 (recs-1)");
  subject.excluded = {left_out(Why::no_ready_condition)};
  CHECK(only(subject.lint(), "not-ready").remedy == "set conditions.ready: true");
  subject.excluded = {left_out(Why::address_type)};
  const Lint family = only(subject.lint(), "ipv6-only");
  CHECK(family.severity == Severity::info);
  CHECK(family.evidence == "1 address is in a slice of another type than IPv4, such as 10.0.0.1:80 (recs-1)");
  subject.excluded = {left_out(Why::other_port, "slice a has no port")};
  CHECK(subject.lint().empty());
}

TEST_CASE("an address that is there twice is named, and how many such entries there are") {
  Subject subject = recs();
  for (const char* const text : {"10.0.0.2:80", "10.0.0.1:80", "10.0.0.2:80", "10.0.0.2:80", "10.0.0.1:81"})
    subject.endpoints.push_back({.address = *SocketAddress::parse(text)});
  CHECK(only(subject.lint(), "duplicate-endpoint").evidence ==
        "10.0.0.2:80 is listed 3 times, 2 of 5 in all");
  subject.endpoints.resize(2);
  for (const Lint& lint : subject.lint()) CHECK(lint.code != "duplicate-endpoint");
}

}  // namespace junction
