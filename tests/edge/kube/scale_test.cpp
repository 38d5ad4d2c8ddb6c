#include <doctest/doctest.h>

#include "junction/kube/scale.hpp"
#include "tests/edge/kube/hostile.hpp"

using namespace junction;
using namespace junction::kube;
using namespace junction::test;
using namespace std::chrono_literals;

TEST_CASE("a scale is believed when the answer shows it, and doubted where the answer is lost") {
  const auto scale_of = [](const json& replicas) {
    return json{{"kind", "Scale"},
                {"metadata", {{"name", "d"}, {"namespace", "default"}, {"resourceVersion", "5"}}},
                {"spec", {{"replicas", replicas}}}};
  };
  struct Row {
    const char* name;
    Reply reply;
    const char* message;
  };
  const Row rows[] = {
      {"ok", answer(200, scale_of(3).dump()), nullptr},
      {"ignored", answer(200, scale_of(2).dump()), "its answer has 2 replicas, not 3"},
      {"nothing of it", answer(200, scale_of(nullptr).dump()), "its answer has 0 replicas, not 3"},
      {"text", answer(200, scale_of("3").dump()), "its answer has \"3\" replicas, not 3"},
      {"spec as a number", answer(200, changed(scale_of(3), "/spec", 5).dump()), "its answer has 0 replicas"},
      {"another", answer(200, changed(scale_of(3), "/metadata/name", "e").dump()),
       "with the Scale default/e"},
      {"another kind", answer(200, changed(scale_of(3), "/kind", "Deployment").dump()),
       "with the Deployment default/d"},
      {"cut", closing(""), "broke"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    ScriptedServer server([&](const SeenRequest& request) {
      return request.method() == "GET" ? answer(200, scale_of(2).dump()) : row.reply;
    });
    Client client(config_for(server));
    const auto scaled = scale(client, {.namespace_ = {}, .name = "d", .replicas = 3, .current_replicas = 2});
    CHECK(count(server.seen(), "PATCH") == 1);
    CHECK(server.seen().back().target() ==
          "/apis/apps/v1/namespaces/default/deployments/d/scale?fieldManager=junctionctl");
    CHECK(json::parse(server.seen().back().body) ==
          json{{"spec", {{"replicas", 3}}}, {"metadata", {{"resourceVersion", "5"}}}});
    CHECK(scaled.ok() == !row.message);
    if (!row.message) continue;
    CAPTURE(scaled.error().message);
    CHECK(contains(scaled.error().message, row.message));
    CHECK(scaled.error().message.ends_with("ook with: kubectl get deployments.apps/d -n default -o yaml"));
  }
}

TEST_CASE("a scale asks for what is there first only where that matters") {
  const auto scale_of = [](const json& replicas) {
    return json{{"kind", "Scale"},
                {"metadata", {{"name", "d"}, {"namespace", "shop"}, {"resourceVersion", "5"}}},
                {"spec", {{"replicas", replicas}}}};
  };
  json now = scale_of(2);
  ScriptedServer server([&](const SeenRequest& request) {
    return answer(200, (request.method() == "GET" ? now : scale_of(0)).dump());
  });
  Client client(config_for(server));
  ScaleChange change{
      .namespace_ = "shop", .kind = "statefulset", .name = "d", .replicas = 0, .current_replicas = {}};
  REQUIRE(scale(client, change));
  CHECK(server.seen().size() == 1);
  const auto thought = scale(client, change, DryRun::client);
  REQUIRE(thought);
  CHECK((*thought)["spec"]["replicas"] == 0);
  CHECK(count(server.seen(), "PATCH") == 1);
  REQUIRE(scale(client, change, DryRun::server));
  CHECK(contains(server.seen().back().target(), "/statefulsets/d/scale?fieldManager=junctionctl&dryRun=All"));
  change.current_replicas = 3;
  const auto refused = scale(client, change);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "Expected replicas to be 3, was 2: --current-replicas does not hold");
  change.current_replicas = 0;
  now = scale_of(nullptr);  // the API leaves a 0 out
  CHECK(scale(client, change));
  for (const json& odd : {json("x"), json(nullptr), json{{"replicas", "2"}}}) {
    now["spec"] = odd;
    change.current_replicas = 2;
    CHECK_FALSE(scale(client, change));
  }
  now = changed(scale_of(2), "/metadata/resourceVersion", 5);
  const auto unguarded = scale(client, change);
  REQUIRE_FALSE(unguarded);
  CHECK(contains(unguarded.error().message, "has no resourceVersion"));
}
