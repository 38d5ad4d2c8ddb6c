#include "junction/kube/config.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "tests/edge/kube/folder.hpp"

using namespace junction;
using namespace junction::kube;
using namespace junction::test;

TEST_CASE("the command line goes over the kubeconfig") {
  no_environment();
  Folder folder;
  const std::string file = folder.write("config", R"(
current-context: c
clusters: [{name: k, cluster: {server: "https://k", tls-server-name: old, certificate-authority-data: Q0E=}},
           {name: l, cluster: {server: "https://l"}}]
contexts: [{name: c, context: {cluster: k, user: u, namespace: shop}}]
users: [{name: u, user: {tokenFile: token}}, {name: v, user: {token: of-v}}])");
  struct Row {
    const char* name;
    ConfigOptions options;
    std::function<bool(const ClusterConfig&)> holds;
  };
  const Row rows[] = {
      {"nothing", {}, [](auto& c) { return c.server == "https://k" && c.certificate_authority == "CA"; }},
      {"--cluster",
       {.cluster = "l"},
       [](auto& c) { return c.server == "https://l" && c.certificate_authority.empty(); }},
      {"--user", {.user = "v"}, [](auto& c) { return c.token == "of-v" && c.token_file.empty(); }},
      {"-n", {.namespace_ = "other"}, [](auto& c) { return c.namespace_ == "other"; }},
      {"--server drops the name expected of the first",
       {.server = "https://m"},
       [](auto& c) { return c.server == "https://m" && c.tls_server_name.empty(); }},
      {"--tls-server-name", {.tls_server_name = "new"}, [](auto& c) { return c.tls_server_name == "new"; }},
      {"--token beats the token file",
       {.token = "t"},
       [](auto& c) { return c.token == "t" && c.token_file.empty(); }},
      {"--as",
       {.as = "ann", .as_group = {"g"}},
       [](auto& c) { return c.as == "ann" && c.as_group.size() == 1; }},
      {"--insecure drops the CA",
       {.insecure_skip_tls_verify = true},
       [](auto& c) { return c.insecure_skip_tls_verify && c.certificate_authority.empty(); }},
      {"--request-timeout 2m",
       {.request_timeout = "2m"},
       [](auto& c) { return c.request_timeout.count() == 120000; }},
      {"--request-timeout 1m30s",
       {.request_timeout = "1m30s"},
       [](auto& c) { return c.request_timeout.count() == 90000; }},
      {"--request-timeout 10us is short, not endless",
       {.request_timeout = "10us"},
       [](auto& c) { return c.request_timeout.count() == 1; }},
      {"--request-timeout 1.5s",
       {.request_timeout = "1.5s"},
       [](auto& c) { return c.request_timeout.count() == 1500; }},
      {"--request-timeout 3",
       {.request_timeout = "3"},
       [](auto& c) { return c.request_timeout.count() == 3000; }},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    ConfigOptions options = row.options;
    options.kubeconfig = file;
    const auto config = load_config(options);
    if (!config) FAIL(config.error().message);
    CHECK(row.holds(*config));
  }
  for (const char* timeout : {"soon", "5 s", "-1s", "5x"}) {
    CAPTURE(timeout);
    const auto config = load_config({.kubeconfig = file, .request_timeout = timeout});
    REQUIRE_FALSE(config);
    CHECK(config.error().kind == ErrorKind::usage);
  }
}

TEST_CASE("what a context names may be missing where the command line says it instead") {
  no_environment();
  Folder folder;
  const std::string file = folder.write("config", R"(
current-context: c
clusters: [{name: k, cluster: {server: "https://k"}}]
contexts: [{name: c, context: {cluster: k, user: gone}}, {name: d, context: {cluster: gone, user: gone}}])");
  const auto token = load_config({.kubeconfig = file, .token = "t"});
  if (!token) FAIL(token.error().message);
  CHECK(token->server == "https://k");
  CHECK(token->token == "t");
  const auto server = load_config({.kubeconfig = file, .context = "d", .server = "https://m", .token = "t"});
  if (!server) FAIL(server.error().message);
  CHECK(server->server == "https://m");
  const ConfigOptions refused[] = {
      {.kubeconfig = file},
      {.kubeconfig = file, .context = "d", .token = "t"},
      {.kubeconfig = file, .user = "nope", .token = "t"},
      {.kubeconfig = file, .cluster = "nope", .server = "https://m", .token = "t"}};
  for (const ConfigOptions& options : refused) {
    const auto config = load_config(options);
    REQUIRE_FALSE(config);
    CHECK(config.error().message.find("does not exist; there is") != std::string::npos);
  }
}

TEST_CASE("credentials are for TLS: over plain HTTP none are sent, as kubectl has it") {
  no_environment();
  Folder folder;
  folder.write("me.crt", "CRT");
  folder.write("me.key", "KEY");
  const std::string exec =
      "exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Never}";
  for (const std::string& user : {std::string("token: t"), std::string("tokenFile: t"), exec,
                                  std::string("username: ann, password: pw"),
                                  std::string("client-certificate: me.crt, client-key: me.key")}) {
    CAPTURE(user);
    const std::string file = folder.write("config",
                                          "current-context: c\n"
                                          "clusters: [{name: k, cluster: {server: 'https://k'}}]\n"
                                          "contexts: [{name: c, context: {cluster: k, user: u}}]\n"
                                          "users: [{name: u, user: {as: jane, " +
                                              user + "}}]\n");
    const auto sent = [](const ClusterConfig& c) {
      return !c.token.empty() || !c.token_file.empty() || !c.username.empty() || !c.password.empty() ||
             !c.client_certificate.empty() || c.exec.has_value();
    };
    const auto tls = load_config({.kubeconfig = file});
    if (!tls) FAIL(tls.error().message);
    CHECK(sent(*tls));
    const auto plain = load_config({.kubeconfig = file, .server = "http://127.0.0.1:8001"});
    if (!plain) FAIL(plain.error().message);
    CHECK_FALSE(sent(*plain));
    CHECK(plain->as == "jane");
  }
}

TEST_CASE("a proxy-url of a kind that is not known is refused before anything is sent") {
  no_environment();
  Folder folder;
  const auto with = [&](const std::string& url) {
    return load_config(
        {.kubeconfig = folder.write("config",
                                    "current-context: c\ncontexts: [{name: c, context: {cluster: k}}]\n"
                                    "clusters: [{name: k, cluster: {server: 'https://k', proxy-url: '" +
                                        url + "'}}]\n")});
  };
  for (const char* url : {"http://p:1", "https://p:1", "socks5://p:1"}) CHECK(with(url));
  for (const char* url : {"p:1", "ftp://p:1", "socks4://p:1"}) {
    CAPTURE(url);
    const auto config = with(url);
    REQUIRE_FALSE(config);
    CHECK(config.error().message.find(url) != std::string::npos);
  }
}

TEST_CASE("a pod finds its cluster by its service account") {
  no_environment();
  Folder folder;
  folder.write("token", "pod-token\n");
  folder.write("ca.crt", "POD CA");
  folder.write("namespace", "shop\n");
  setenv("KUBERNETES_SERVICE_HOST", "fd00::1", 1);
  setenv("KUBERNETES_SERVICE_PORT", "443", 1);
  const auto config = load_config({.service_account = folder.path.string()});
  if (!config) FAIL(config.error().message);
  CHECK(config->server == "https://[fd00::1]:443");
  CHECK(config->token_file == (folder.path / "token").string());
  CHECK(config->certificate_authority == "POD CA");
  CHECK(config->namespace_ == "shop");
  setenv("POD_NAMESPACE", "told", 1);
  const auto told = load_config({.service_account = folder.path.string()});
  REQUIRE(told);
  CHECK(told->namespace_ == "told");
  unsetenv("POD_NAMESPACE");
  no_environment();
}

TEST_CASE("where there is nothing at all, the message says what to do") {
  no_environment();
  const auto config = load_config({.service_account = "/nowhere"});
  REQUIRE_FALSE(config);
  CHECK(config.error().message ==
        "no kubeconfig: /nowhere/.kube/config does not exist; set KUBECONFIG, or pass --kubeconfig or "
        "--server");
  const auto explicit_one = load_config({.kubeconfig = "/nowhere/x"});
  REQUIRE_FALSE(explicit_one);
  CHECK(explicit_one.error().message == "cannot read '/nowhere/x': No such file or directory");
  const auto server = load_config({.server = "localhost:8001"});
  REQUIRE(server);
  CHECK(server->server == "http://localhost:8001");
}
