#include "edge/kube/transport.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "junction/kube/client.hpp"
#include "tests/edge/kube/answers.hpp"

using namespace junction;
using namespace junction::kube;
using namespace junction::test;
using namespace std::chrono_literals;

TEST_CASE("TLS is verified: against the cluster's own CA, the name and the clock") {
  const Authority authority, stranger;
  struct Row {
    const char* name;
    Certificate certificate;
    ClusterConfig config;
    const char* message;  // null: it works
  };
  const Certificate good = authority.issue("127.0.0.1");
  const Certificate named = authority.issue("kubernetes.default.svc");
  const std::string ca = authority.certificate();
  const Row rows[] = {
      {"all is well", good, {.certificate_authority = ca}, nullptr},
      {"another CA",
       good,
       {.certificate_authority = stranger.certificate()},
       "signed by an unknown authority"},
      {"no CA", good, {}, "signed by an unknown authority"},
      {"no CA, and told not to mind", good, {.insecure_skip_tls_verify = true}, nullptr},
      {"another name", named, {.certificate_authority = ca}, "is not for 127.0.0.1"},
      {"another name, and told so",
       named,
       {.certificate_authority = ca, .tls_server_name = "kubernetes.default.svc"},
       nullptr},
      {"told a wrong name",
       good,
       {.certificate_authority = ca, .tls_server_name = "wrong.example.com"},
       "is not for wrong.example.com"},
      {"expired", authority.issue("127.0.0.1", -7200, -3600), {.certificate_authority = ca}, "has expired"},
      {"not valid yet",
       authority.issue("127.0.0.1", 3600, 7200),
       {.certificate_authority = ca},
       "not valid yet"},
      {"a CA that is none",
       good,
       {.certificate_authority = "-----BEGIN"},
       "the certificate authority holds no certificate in PEM form"},
      {"another's key",
       good,
       {.certificate_authority = ca, .client_certificate = good.certificate, .client_key = named.key},
       "its client-key is another's"},
      {"a client certificate without sense",
       good,
       {.certificate_authority = ca, .client_certificate = "x", .client_key = "y"},
       "client certificate"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    ScriptedServer server([](const SeenRequest&) { return answer(200, service); }, row.certificate);
    ClusterConfig config = row.config;
    config.server = server.url();
    config.token = "secret";
    Client client(config);
    const auto result = client.get("/api/v1/x");
    if (!row.message) {
      if (!result)
        FAIL_CHECK(result.error().message);
      else
        CHECK(server.seen()[0].header("Host") == "127.0.0.1:" + std::to_string(server.port()));
      continue;
    }
    REQUIRE_FALSE(result);
    CAPTURE(result.error().message);
    CHECK(contains(result.error().message, row.message));
    CHECK(server.seen().empty());  // no token for a server that is not trusted
  }
}

TEST_CASE("one connection serves request after request") {
  ScriptedServer server([](const SeenRequest&) { return answer(200, service); });
  Client client(config_for(server));
  for (int i = 0; i < 20; ++i) REQUIRE(client.patch("/api/v1/x", PatchType::merge, "{}"));
  CHECK(server.connections() == 1);
}

TEST_CASE("a call under way can be cancelled from another thread") {
  ScriptedServer server([](const SeenRequest&) { return Reply{.pieces = {"", ""}, .pause = 300ms}; });
  Client client(config_for(server));
  std::thread canceller([&] {
    std::this_thread::sleep_for(50ms);
    client.cancel();
  });
  const auto begin = std::chrono::steady_clock::now();
  CHECK_FALSE(client.get("/api/v1/x"));
  CHECK(std::chrono::steady_clock::now() - begin < 250ms);
  canceller.join();
}
