#include "junction/kube/client.hpp"

#include <doctest/doctest.h>

#include "tests/edge/kube/answers.hpp"

using namespace junction;
using namespace junction::kube;
using namespace junction::test;
using namespace std::chrono_literals;

TEST_CASE("a base path, impersonation and passwords go where they belong") {
  ScriptedServer server([](const SeenRequest&) { return answer(200, service); });
  ClusterConfig config{.server = server.url() + "/k8s/clusters/c-1", .username = "ann", .password = "pw"};
  config.as = "jane";
  config.as_uid = "42";
  config.as_group = {"a", "b"};
  config.as_extra = {{"acme.com/reason", "x"}};
  Client client(config);
  REQUIRE(client.get("/api/v1/x?y=1"));
  const SeenRequest seen = server.seen()[0];
  CHECK(seen.target() == "/k8s/clusters/c-1/api/v1/x?y=1");
  CHECK(seen.header("Authorization") == "Basic YW5uOnB3");
  CHECK(seen.header("Impersonate-User") == "jane");
  CHECK(seen.header("Impersonate-Uid") == "42");
  CHECK(seen.header("Impersonate-Extra-acme.com%2Freason") == "x");
  int groups = 0;
  for (const auto& [name, value] : seen.headers) groups += name == "Impersonate-Group";
  CHECK(groups == 2);

  ClusterConfig smuggled{.server = server.url(), .token = "a\r\nX-Evil: 1"};
  const auto refused = Client(smuggled).get("/api/v1/x");
  REQUIRE_FALSE(refused);
  CHECK(contains(refused.error().message, "line break"));
  CHECK(server.seen().size() == 1);
}

TEST_CASE("where the namespace is missing too, that is what is said, as kubectl says it") {
  ScriptedServer server([](const SeenRequest& request) {
    const std::string target = request.target();
    if (target == "/api/v1/namespaces/there") return answer(200, R"({"kind":"Namespace"})");
    if (target == "/api/v1/namespaces/hidden") return answer(403, status(403, "Forbidden", "no"));
    if (target == "/api/v1/namespaces/gone")
      return answer(404, status(404, "NotFound", "namespaces \"gone\" not found"));
    return answer(404, status(404, "NotFound", "services \"s\" not found"));
  });
  Client client(config_for(server));
  const auto said = [&](const char* namespace_) {
    const auto result = client.get(service_path(namespace_, "s"));
    return result ? std::string() : result.error().message;
  };
  CHECK(said("gone") == "Error from server (NotFound): namespaces \"gone\" not found");
  CHECK(said("there") == "Error from server (NotFound): services \"s\" not found");
  CHECK(said("hidden") == "Error from server (NotFound): services \"s\" not found");
  CHECK(server.seen().size() == 6);
  CHECK(said("default") == "Error from server (NotFound): services \"s\" not found");
  CHECK(server.seen().size() == 7);  // which is always there
}

TEST_CASE("-v shows requests as kubectl does, and never a credential") {
  ScriptedServer server(
      [](const SeenRequest&) { return answer(200, service, "application/json", "Set-Cookie: k=v\r\n"); });
  for (int level = 0; level <= 9; ++level) {
    CAPTURE(level);
    ClusterConfig config = config_for(server);
    std::string log;
    config.verbosity = level;
    config.trace = [&](std::string_view line) { log.append(line).append("\n"); };
    REQUIRE(Client(config).patch("/api/v1/x", PatchType::merge, "{\"a\":1}"));
    CHECK(log.empty() == (level < 6));
    CHECK_FALSE(contains(log, "secret"));
    CHECK_FALSE(contains(log, "k=v"));
    CHECK(contains(log, "Authorization: Bearer <masked>") == (level >= 7));
    CHECK(contains(log, "Request Body: {\"a\":1}") == (level >= 8));
    CHECK(contains(log, " 200 in ") == (level >= 6));
  }
}

TEST_CASE("the server's warnings reach the person") {
  ScriptedServer server([](const SeenRequest&) {
    return answer(200, service, "application/json", "Warning: 299 - \"unknown field \\\"spec.x\\\"\"\r\n");
  });
  ClusterConfig config = config_for(server);
  std::string warning;
  config.warn = [&](std::string_view text) { warning = text; };
  REQUIRE(Client(config).get("/api/v1/x"));
  CHECK(contains(warning, "unknown field"));
}
