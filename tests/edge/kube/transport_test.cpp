#include "edge/kube/transport.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
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
       "the certificate authority holds no certificate: is it in PEM form"},
      {"another's key",
       good,
       {.certificate_authority = ca, .client_certificate = good.certificate, .client_key = named.key},
       "the private key of the client key is not that of the certificate of the client certificate"},
      {"a client certificate without sense",
       good,
       {.certificate_authority = ca, .client_certificate = "x", .client_key = "y"},
       "the client certificate holds no certificate"},
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

TEST_CASE("the environment's proxy never gets a request for this machine, and gets those for others") {
  ScriptedServer proxy([](const SeenRequest&) { return answer(502, "no", "text/plain"); });
  const char* const names[] = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
  for (const char* const name : names) setenv(name, proxy.url().c_str(), 1);
  struct Row {
    const char* host;
    bool proxied;
  };
  const Row rows[] = {{"127.0.0.1", false},          {"127.8.8.8", false}, {"localhost", false},
                      {"LOCALHOST", false},          {"[::1]", false},     {"[::ffff:127.0.0.1]", false},
                      {"127.invalid.example", true}, {"10.0.0.1", true}};
  for (const Row& row : rows) {
    for (const char* const scheme : {"http", "https"}) {
      CAPTURE(row.host);
      CAPTURE(scheme);
      const int before = proxy.connections();
      ClusterConfig config{.server = std::string(scheme) + "://" + row.host + ":1", .token = "secret"};
      config.request_timeout = 2s;
      CHECK_FALSE(Client(config).get("/api/v1/x"));  // nothing listens at port 1
      CHECK((proxy.connections() > before) == row.proxied);
    }
  }
  for (const char* const name : names) unsetenv(name);
}

TEST_CASE("a client certificate is shown to a server that asks, also where its key is behind other blocks") {
  const Authority authority;
  const Certificate ann = authority.issue("ann");
  ScriptedServer server([](const SeenRequest&) { return answer(200, service); },
                        authority.issue("127.0.0.1"));
  ClusterConfig config{.server = server.url()};
  config.certificate_authority =
      "-----BEGIN CERTIFICATE-----\nMIIBADCB\n-----END CERTIFICATE-----\n" + authority.certificate();
  config.certificate_authority_name = "ca.pem";
  config.client_certificate = ann.certificate;
  config.client_key = ann.certificate + ann.key;
  std::vector<std::string> warnings;
  config.warn = [&](std::string_view text) { warnings.emplace_back(text); };
  Client client(config);
  for (int i = 0; i < 2; ++i) {
    const auto result = client.get("/api/v1/x");
    if (!result) FAIL(result.error().message);
  }
  CHECK(server.seen().back().client == "ann");
  CHECK(warnings ==
        std::vector<std::string>{"certificate 1 of 2 in ca.pem does not parse, and is passed over"});  // once
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
