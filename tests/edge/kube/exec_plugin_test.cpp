#include "edge/kube/exec_plugin.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>

#include "edge/kube/credentials.hpp"
#include "junction/kube/client.hpp"
#include "tests/edge/kube/answers.hpp"

using namespace junction;
using namespace junction::kube;
using namespace junction::test;
using namespace std::chrono_literals;

namespace {

/// Scripts that stand in for credential plugins.
struct Plugins {
  std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("plugins-" + std::to_string(getpid()));
  Plugins() { std::filesystem::create_directories(folder); }
  ~Plugins() { std::filesystem::remove_all(folder); }
  ExecPlugin write(const std::string& name, const std::string& script,
                   const std::string& version = "v1") const {
    const std::string path = (folder / name).string();
    std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
    chmod(path.c_str(), 0700);
    return {.api_version = "client.authentication.k8s.io/" + version,
            .command = path,
            .interactive_mode = "Never",
            .user = "u"};
  }
};

std::string credential(const std::string& status, const std::string& version = "v1") {
  return R"(echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/)" + version +
         R"(","status":)" + status + "}'";
}

}  // namespace

TEST_CASE("credential plugins are run without a shell, told of the cluster, and asked once") {
  const Plugins plugins;
  std::atomic<int> refuse{0};
  ScriptedServer server([&](const SeenRequest&) {
    return refuse-- > 0 ? answer(401, status(401, "Unauthorized", "Unauthorized")) : answer(200, service);
  });
  const std::string runs = (plugins.folder / "runs").string();
  ExecPlugin plugin = plugins.write("plugin", "echo \"$1|$DEMO|$KUBERNETES_EXEC_INFO\" >>" + runs + "\n" +
                                                  credential(R"({"token":"from-plugin"})"));
  plugin.args = {"get token; rm -rf $HOME"};
  plugin.env = {{"DEMO", "1"}};
  plugin.provide_cluster_info = true;
  plugin.cluster_config = R"({"audience":"x"})";
  Client client({.server = server.url(), .disable_compression = true, .exec = plugin});
  REQUIRE(client.get("/api/v1/x"));
  REQUIRE(client.get("/api/v1/x"));
  CHECK(server.seen()[1].header("Authorization") == "Bearer from-plugin");
  const auto lines = [&] {
    std::ifstream file(runs);
    std::vector<std::string> all;
    for (std::string line; std::getline(file, line);) all.push_back(line);
    return all;
  };
  REQUIRE(lines().size() == 1);
  CHECK(
      lines()[0] ==
      R"(get token; rm -rf $HOME|1|{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","spec":)"
      R"({"cluster":{"server":")" +
          server.url() + R"(","disable-compression":true,"config":{"audience":"x"}},"interactive":false}})");
  refuse = 1;
  REQUIRE(client.get("/api/v1/x"));  // a 401: asked again, once
  CHECK(lines().size() == 2);
  refuse = 2;
  CHECK_FALSE(client.get("/api/v1/x"));
}

TEST_CASE("plugins that expire are asked again, and those that fail say why") {
  const Plugins plugins;
  ScriptedServer server([](const SeenRequest&) { return answer(200, service); });
  const std::string runs = (plugins.folder / "count").string();
  const ExecPlugin expired = plugins.write(
      "expired", "echo x >>" + runs + "\n" +
                     credential(R"({"token":"t","expirationTimestamp":"2020-01-01T00:00:00Z"})"));
  Client client({.server = server.url(), .exec = expired});
  REQUIRE(client.get("/api/v1/x"));
  REQUIRE(client.get("/api/v1/x"));
  CHECK(std::filesystem::file_size(runs) == 4);

  ExecPlugin missing = expired;
  missing.command = "no-such-plugin";
  missing.install_hint = "install it from example.com";
  struct Row {
    ExecPlugin plugin;
    const char* message;
  };
  const Row rows[] = {
      {missing, "install it from example.com"},
      {plugins.write("fails", "exit 3"), "failed with exit code 3"},
      {plugins.write("killed", "kill -9 $$"), "was ended by signal 9"},
      {plugins.write("junk", "echo hello"), "no JSON object"},
      {plugins.write("empty", credential("{}")), "neither a token nor a certificate"},
      {plugins.write("beta", credential(R"({"token":"t"})", "v1beta1")),
       "answered in client.authentication.k8s.io/v1beta1"},
      {plugins.write("half", credential(R"({"clientCertificateData":"x"})")), "without its key"},
      {plugins.write("when", credential(R"({"token":"t","expirationTimestamp":"soon"})")),
       "no RFC 3339 time"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.message);
    const auto result = Client({.server = server.url(), .exec = row.plugin}).get("/api/v1/x");
    REQUIRE_FALSE(result);
    CAPTURE(result.error().message);
    CHECK(contains(result.error().message, row.message));
  }
}

TEST_CASE("a plugin is asked only where the kubeconfig has no credentials of its own") {
  const Plugins plugins;
  const std::string runs = (plugins.folder / "ran").string();
  const ExecPlugin plugin =
      plugins.write("plugin", "echo x >>" + runs + "\n" + credential(R"({"token":"t"})"));
  const Certificate own = Authority().issue("ann");
  const ClusterConfig rows[] = {
      {.token = "own", .exec = plugin},
      {.username = "ann", .password = "pw", .exec = plugin},
      {.client_certificate = own.certificate, .client_key = own.key, .exec = plugin}};
  for (const ClusterConfig& config : rows) CHECK(Credentials(config).current());
  CHECK_FALSE(std::filesystem::exists(runs));
  const ClusterConfig alone{.exec = plugin};
  const auto asked = Credentials(alone).current();
  REQUIRE(asked);
  CHECK(asked->authorization == "Bearer t");
}

TEST_CASE("a token file that cannot be read leaves the token beside it") {
  const ClusterConfig both{.token = "own", .token_file = "/nowhere/token"},
      file{.token_file = "/nowhere/token"};
  const auto own = Credentials(both).current();
  REQUIRE(own);
  CHECK(own->authorization == "Bearer own");
  CHECK_FALSE(Credentials(file).current());
}

TEST_CASE("RFC 3339 times") {
  const auto at = [](std::string_view text) { return parse_rfc3339(text); };
  CHECK(at("1970-01-01T00:00:10Z") == std::chrono::system_clock::time_point(10s));
  CHECK(at("1970-01-01T01:00:10.5+01:00") == std::chrono::system_clock::time_point(10s));
  CHECK(at("1969-12-31T23:30:10-00:30") == std::chrono::system_clock::time_point(10s));
  for (const char* bad : {"", "soon", "1970-13-01T00:00:00Z", "1970-01-01T25:00:00Z", "1970-01-01T00:00:00"})
    CHECK_FALSE(at(bad));
}
