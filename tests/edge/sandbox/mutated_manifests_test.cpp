// Manifests changed at random by their structure, thousands of them: every one is answered, and the sandbox
// goes on.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/edge/sandbox/cluster.hpp"
#include "tests/edge/sandbox/json_mutator.hpp"

using namespace junction::sandbox;
using nlohmann::json;

namespace {

struct Seed {
  const char *method, *path, *type;
  json body;
};

/// What clients send, each way of writing with each kind.
std::vector<Seed> make_seeds(const Object& service, const Object& deployment) {
  const json annotate{
      {"metadata", {{"annotations", {{"junctionlabs.io/backend.lb.80", "{\"type\":\"RingHash\"}"}}}}}};
  const json ports{
      {"spec",
       {{"$setElementOrder/ports", {{{"port", 80}}}},
        {"ports",
         {{{"port", 80}, {"name", "http"}, {"targetPort", 8080}}, {{"port", 81}, {"$patch", "delete"}}}}}}};
  const json applied{{"apiVersion", "v1"},
                     {"kind", "Service"},
                     {"metadata", {{"name", "wineinfo-recs"}, {"labels", {{"a", "b"}}}}},
                     {"spec", {{"ports", {{{"port", 80}, {"protocol", "TCP"}, {"targetPort", "web"}}}}}}};
  const json operations{{{"op", "replace"}, {"path", "/spec/ports/0/port"}, {"value", 81}},
                        {{"op", "copy"}, {"from", "/metadata/labels"}, {"path", "/metadata/annotations"}},
                        {{"op", "test"}, {"path", "/kind"}, {"value", "Service"}}};
  const json scale{{"kind", "Scale"},
                   {"apiVersion", "autoscaling/v1"},
                   {"metadata", {{"name", "wineinfo-recs"}}},
                   {"spec", {{"replicas", 2}}}};
  const json template_change{{"spec",
                              {{"replicas", 2},
                               {"template", look(*deployment, "spec", "template")},
                               {"selector", look(*deployment, "spec", "selector")}}}};
  json named = *service;
  named["metadata"] = {{"name", "another"}, {"labels", {{"a", "b"}}}};
  return {
      {"PATCH", service_at, merge, annotate},
      {"PATCH", service_at, strategic, ports},
      {"PATCH", service_at, apply, applied},
      {"PATCH", service_at, json_patch, operations},
      {"PATCH", service_at, merge, *service},
      {"PUT", service_at, "application/json", *service},
      {"PATCH", deployment_at, merge, template_change},
      {"PATCH", deployment_at, strategic, template_change},
      {"PUT", deployment_at, "application/json", *deployment},
      {"PATCH", deployment_at, merge, *deployment},
      {"PATCH", scale_at, merge, scale},
      {"PUT", scale_at, "application/json", scale},
      {"POST", services_at, "application/json", named},
      {"PATCH", scale_at, apply, scale},
      {"POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "application/json", *service},
  };
}

}  // namespace

TEST_CASE("thousands of broken manifests later, the sandbox answers and scales") {
  Cluster cluster;
  const Object service = cluster.store.get(service_key()), deployment = cluster.store.get(deployment_key());
  const std::vector<Seed> seeds = make_seeds(service, deployment);
  JsonMutator mutator(1);
  constexpr int requests = 3000;
  int good = 0;
  for (int i = 0; i < requests; ++i) {
    const Seed& seed = seeds[mutator.below(seeds.size())];
    const std::string body = mutator.mutate(seed.body).dump(-1, ' ', false, json::error_handler_t::replace);
    CAPTURE(i);
    CAPTURE(body);
    const ApiReply reply = cluster.ask(seed.method, seed.path, body, seed.type);
    check_answer(reply);
    if (reply.status < 300) ++good;
    const char* const shown = i % 2 ? services_at : deployment_at;
    check_answer(
        cluster.ask("GET", shown, "", "", i % 3 ? "" : "application/json;as=Table;v=v1;g=meta.k8s.io"));
    if (i % 50 != 0) continue;
    cluster.store.put(service_key(), *service);
    cluster.store.put(deployment_key(), *deployment);
    cluster.ask("DELETE", std::string(services_at) + "/another");
  }
  CHECK(good > requests / 10);      // what is refused at once tries nothing that lies behind
  CHECK(good < requests * 9 / 10);  // and what is always good is not broken
  cluster.store.put(service_key(), *service);
  cluster.store.put(deployment_key(), *deployment);
  CHECK(cluster.pods_after_scaling_to(3) == 3);
  CHECK(cluster.trouble.empty());
}
