#include <doctest/doctest.h>

#include <atomic>
#include <functional>

#include "junction/kube/policy_change.hpp"
#include "tests/edge/kube/hostile.hpp"

using namespace junction;
using namespace junction::kube;
using namespace junction::test;
using namespace std::chrono_literals;

TEST_CASE("what is read before a change is looked at as closely, in every way of changing") {
  const auto entry = [](json fields) {
    return json{{{"manager", "junctionctl"}, {"operation", "Apply"}, {"fieldsV1", std::move(fields)}}};
  };
  struct Row {
    const char* name;
    std::string body;
    const char* message;  // null: the change is made
    const char* server_side;
  };
  const auto service_with = [](const char* place, const json& value) {
    return changed(plain_service(), place, value).dump();
  };
  const Row rows[] = {
      {"deep", "{\"metadata\":{\"annotations\":{\"a\":" + deep + "}}}", "cannot be read", "cannot be read"},
      {"a number as metadata", service_with("/metadata", 5), "asked for the Service",
       "asked for the Service"},
      {"a number as kind", service_with("/kind", 5), "with the 5", "with the 5"},
      {"another object", service_with("/metadata/name", "other"), "Service default/other", "default/other"},
      {"a number as spec", service_with("/spec", 5), "service/s: spec must be a map, not 5", "must be a map"},
      {"a map of ports", service_with("/spec/ports", {{"a", 1}}), "spec.ports must be a list",
       "must be a list"},
      {"a number as port", service_with("/spec/ports", {5}), "spec.ports[0] must be a map", "must be a map"},
      {"a number as annotation", service_with("/metadata/annotations", {{key, 5}}),
       "metadata.annotations.junctionlabs.io/backend.lb.80 must be a string, not 5", "must be a string"},
      {"a list as annotations", service_with("/metadata/annotations", {1}), "must be a map", "must be a map"},
      {"managedFields as a number", service_with("/metadata/managedFields", 5), nullptr,
       "service/s: metadata.managedFields must be a list, not 5"},
      {"managedFields of numbers", service_with("/metadata/managedFields", {5}), nullptr,
       "metadata.managedFields[0] must be a map, not 5"},
      {"a manager that is a number", service_with("/metadata/managedFields", {{{"manager", 5}}}), nullptr,
       "managedFields[0].manager must be a string, not 5"},
      {"fieldsV1 as a number", service_with("/metadata/managedFields", entry(5)), nullptr,
       "managedFields[0].fieldsV1 must be a map, not 5"},
      {"fieldsV1 with a list", service_with("/metadata/managedFields", entry({{"f:metadata", {1, 2}}})),
       nullptr, "fieldsV1.f:metadata must be a map, not [1,2]"},
      {"fieldsV1 with a number",
       service_with("/metadata/managedFields", entry({{"f:metadata", {{"f:annotations", 7}}}})), nullptr,
       "f:annotations must be a map, not 7"},
      {"a policy with escapes", service_with("/metadata/annotations", {{key, "{\x1b]0;PWNED\x07"}}), nullptr,
       nullptr},
      {"no resourceVersion", service_with("/metadata/resourceVersion", nullptr), nullptr, nullptr},
  };
  for (const Row& row : rows) {
    for (const bool server_side : {false, true}) {
      CAPTURE(row.name);
      CAPTURE(server_side);
      ScriptedServer server([&](const SeenRequest& request) {
        return answer(200, request.method() == "GET" ? row.body : patched_service().dump());
      });
      Client client(config_for(server));
      const auto outcome = apply_change(client, {"default", "s", 80, ring}, {.server_side = server_side});
      const char* const expected = server_side ? row.server_side : row.message;
      CHECK(count(server.seen(), "PATCH") == (expected ? 0 : 1));
      if (!expected) {
        if (!outcome) FAIL_CHECK(outcome.error().message);
        continue;
      }
      REQUIRE_FALSE(outcome);
      CAPTURE(outcome.error().message);
      CHECK(contains(outcome.error().message, expected));
      CHECK(one_line(outcome.error().message));
    }
  }
}

TEST_CASE("an owner's name that is none is passed over, and a conflict is still told as one") {
  json object = changed(patched_service(), "/metadata/managedFields", 7);
  const std::string conflict =
      R"({"kind":"Status","code":409,"reason":"Conflict","message":"x","details":{"causes":[{"reason":"FieldManagerConflict"},5]}})";
  for (const json& managed :
       {json(7), json{5},
        json{{{"manager", 5},
              {"fieldsV1", {{"f:metadata", {{"f:annotations", {{std::string("f:") + key, 1}}}}}}}}}}) {
    object["metadata"]["managedFields"] = managed;
    ScriptedServer server([&](const SeenRequest& request) {
      return request.method() == "GET" ? answer(200, object.dump()) : answer(409, conflict);
    });
    Client client(config_for(server));
    const auto outcome = apply_change(client, {"default", "s", 80, std::nullopt});
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::owned);
    CHECK(contains(outcome.error().message, "--force-conflicts"));
  }
}

TEST_CASE("a refusal may be anything, and stays one line of bearable length") {
  const Reply rows[] = {
      answer(403, "{\"message\":" + deep + ",\"details\":{\"causes\":" + deep + "}}"),
      answer(403, status(403, "Forbidden", std::string(1 << 20, 'x'))),
      answer(403, status(403, std::string(1 << 20, 'x'), "no")),
      answer(403, status(403, "Forbid\nden", "one\r\ntwo\nthree")),
      answer(403, R"({"kind":5,"reason":5,"message":5,"code":"x","details":5})"),
      answer(502, "<title>" + std::string(1 << 20, 'x'), "text/html"),
      answer(500, ""),
      answer(700, "x"),
      answer(199, "x"),
  };
  for (const Reply& reply : rows) {
    CAPTURE(reply.pieces[0].substr(0, 200));
    ScriptedServer server([&](const SeenRequest&) { return reply; });
    const auto result = Client(config_for(server)).patch("/api/v1/x", PatchType::merge, "{}");
    REQUIRE_FALSE(result);
    CHECK(one_line(result.error().message));
    CHECK(result.error().message.size() < 5000);
  }
}

TEST_CASE("a list is bounded in pages and bytes, and may hold anything") {
  struct Row {
    const char* name;
    std::function<std::string(int page)> body;
    const char* message;
  };
  const auto page = [](const json& token, json items) {
    return json{{"kind", "ServiceList"}, {"metadata", {{"continue", token}}}, {"items", std::move(items)}}
        .dump();
  };
  const Row rows[] = {
      {"the same token for ever", [&](int) { return page("x", {plain_service()}); },
       "the list of /api/v1/x does not end: a page names itself as the next"},
      {"another token for ever", [&](int n) { return page(std::to_string(n), json::array()); },
       "the list of /api/v1/x does not end: 5000 pages have come, and there are more"},
      {"pages without end in bytes",
       [&](int n) { return page(std::to_string(n), json::array()) + std::string(60U << 20U, ' '); },
       "the list of /api/v1/x does not end: more than 256 MiB have come"},
      {"a token that is no text", [&](int) { return page(5, {plain_service()}); }, nullptr},
      {"items of all kinds",
       [&](int) {
         return page("", {1, nullptr, "x", json::array(), {{"metadata", {1}}}});
       },
       nullptr},
      {"metadata that is a number", [&](int) { return R"({"kind":"X","metadata":5,"items":[1]})"; }, nullptr},
      {"items that are none", [&](int) { return R"({"kind":5,"metadata":{},"items":{"a":1}})"; }, nullptr},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    std::atomic<int> asked{0};
    ScriptedServer server([&](const SeenRequest&) { return answer(200, row.body(asked++)); });
    const auto list = Client(config_for(server)).list("/api/v1/x");
    CHECK(list.ok() == !row.message);
    if (!row.message) {
      CHECK((*list)["items"].is_array());
      continue;
    }
    CAPTURE(list.error().message);
    CHECK(list.error().message == row.message);
    CHECK(list.error().kind == ErrorKind::server);
  }
}
