#include "junction/kube/config.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

#include "junction/base64.hpp"
#include "junction/documents.hpp"

using namespace junction;
using namespace junction::kube;
namespace fs = std::filesystem;

namespace {

/// A folder of its own, gone afterwards.
struct Folder {
  fs::path path = fs::temp_directory_path() /
                  ("junction-" + std::to_string(std::rand()) + "-" + std::to_string(getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path / name) << text;
    return (path / name).string();
  }
};

std::string replace_all(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

/// Cuts the process's own surroundings off from the tests.
void no_environment() {
  unsetenv("KUBECONFIG");
  unsetenv("KUBERNETES_SERVICE_HOST");
  setenv("HOME", "/nowhere", 1);
}

std::string kubeconfig(const std::string& name, const std::string& server, const std::string& current = "") {
  return "clusters: [{name: " + name + ", cluster: {server: " + server + "}}]\n" + "users: [{name: " + name +
         ", user: {token: " + name + "-token}}]\n" + "contexts: [{name: " + name +
         ", context: {cluster: " + name + ", user: " + name + ", namespace: " + name + "-ns}}]\n" +
         (current.empty() ? "" : "current-context: " + current + "\n");
}

}  // namespace

TEST_CASE("kubeconfigs of all sorts are read as kubectl reads them") {
  no_environment();
  // What load_config() alone can tell; the others fail (or work) with the server.
  const std::map<std::string, std::string> refused = {
      {"client certificate without key", "the client certificate has no client-key"},
      {"certificate data and files, both", "both client-certificate and client-certificate-data"},
      {"CA file missing", "no-such.crt': No such file"},
      {"CA data not base64", "certificate-authority-data of cluster \"k\" is not base64"},
      {"insecure-skip-tls-verify and CA", "exclude each other"},
      {"no server", "names no server"},
      {"exec, v1 without interactiveMode", "needs an interactiveMode"},
      {"auth-provider (removed)", "auth-provider gcp"},
      {"context names a cluster that is not there", "the cluster \"nope\" does not exist; there is k"},
      {"context names a user that is not there", "the user \"nope\" does not exist; there is u"},
      {"no current-context", "set its current-context"},
      {"empty file", "names no server"},
  };
  const auto recording = read_documents(TEST_DATA "/kube/13-kubeconfig-variants.json");
  REQUIRE(recording);
  Folder folder;
  for (const char* file : {"ca.crt", "other-ca.crt", "jcert.crt", "jcert.key", "badcert.crt", "badcert.key"})
    folder.write(file, std::string("PEM of ") + file);
  folder.write("token-file", "from-a-file\n");
  folder.write("token-none", "");
  std::size_t seen = 0;
  for (const auto& run : recording->front()["runs"]) {
    const std::string label = run["label"];
    CAPTURE(label);
    const std::string text =
        replace_all(run["kubeconfig_text"], "<base64 of the PEM>", base64_encode("a PEM"));
    const auto config = load_config({.kubeconfig = folder.write("case.yaml", text)});
    const auto expected = refused.find(label);
    if (expected == refused.end()) {
      if (!config) FAIL_CHECK(config.error().message);
      continue;
    }
    ++seen;
    REQUIRE_FALSE(config);
    CAPTURE(config.error().message);
    CHECK(config.error().message.find(expected->second) != std::string::npos);
    CHECK(run["exit_code"] == 1);  // kubectl refuses it as well
  }
  CHECK(seen == refused.size());
}

TEST_CASE("fields of a kubeconfig end up where they belong") {
  no_environment();
  Folder folder;
  folder.write("ca.pem", "CA TEXT");
  folder.write("me.crt", "CRT");
  folder.write("me.key", "KEY");
  const auto config = load_config({.kubeconfig = folder.write("config", R"(
current-context: c
clusters:
- name: k
  cluster:
    server: https://api.example.com:6443/k8s/clusters/c-1/
    certificate-authority: ca.pem
    tls-server-name: kubernetes.default.svc
    proxy-url: http://proxy.example.com:3128
    disable-compression: true
    extensions: [{name: client.authentication.k8s.io/exec, extension: {audience: x}}]
contexts: [{name: c, context: {cluster: k, user: u, namespace: shop}}]
users:
- name: u
  user:
    client-certificate: me.crt
    client-key: me.key
    as: jane
    as-uid: "42"
    as-groups: [a, b]
    as-user-extra: {reason: [x, y]}
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: ./plugin
      args: [get-token]
      env: [{name: A, value: "1"}]
      installHint: install it
      provideClusterInfo: true
)")});
  if (!config) FAIL(config.error().message);
  CHECK(config->server == "https://api.example.com:6443/k8s/clusters/c-1");
  CHECK(config->namespace_ == "shop");
  CHECK(config->context == "c");
  CHECK(config->certificate_authority == "CA TEXT");
  CHECK(config->tls_server_name == "kubernetes.default.svc");
  CHECK(config->proxy_url == "http://proxy.example.com:3128");
  CHECK(config->disable_compression);
  CHECK(config->client_certificate == "CRT");
  CHECK(config->client_key == "KEY");
  CHECK(config->as == "jane");
  CHECK(config->as_uid == "42");
  CHECK(config->as_group == std::vector<std::string>{"a", "b"});
  CHECK(config->as_extra ==
        std::vector<std::pair<std::string, std::string>>{{"reason", "x"}, {"reason", "y"}});
  REQUIRE(config->exec);
  CHECK(config->exec->command == (folder.path / "plugin").lexically_normal().string());
  CHECK(config->exec->interactive_mode == "IfAvailable");
  CHECK(config->exec->cluster_config == R"({"audience":"x"})");
}

TEST_CASE(
    "$KUBECONFIG is a list: the first file to set something sets it, and a missing file is passed over") {
  no_environment();
  Folder folder;
  fs::create_directories(folder.path / "sub");
  folder.write("sub/ca.pem", "CA OF TWO");
  const std::string one = folder.write("one", kubeconfig("a", "https://first"));
  const std::string two = folder.write("sub/two", kubeconfig("a", "https://second", "b") + "---\n");
  const std::string three =
      folder.write("sub/three",
                   "clusters: [{name: b, cluster: {server: https://third, certificate-authority: ca.pem}}]\n"
                   "users: [{name: b, user: {tokenFile: token}}]\n"
                   "contexts: [{name: b, context: {cluster: b, user: b}}]\ncurrent-context: a\n");
  setenv("KUBECONFIG", (one + ":" + folder.path.string() + "/missing::" + two + ":" + three).c_str(), 1);
  const auto config = load_config({});
  if (!config) FAIL(config.error().message);
  CHECK(config->context == "b");  // one sets none, two is the first to
  CHECK(config->server == "https://third");
  CHECK(config->certificate_authority == "CA OF TWO");  // relative to its own file
  CHECK(config->token_file == (folder.path / "sub/token").string());
  const auto other = load_config({.context = "a"});
  REQUIRE(other);
  CHECK(other->server == "https://first");
  CHECK(other->namespace_ == "a-ns");
  CHECK(other->token == "a-token");
  const auto alone = load_config({.kubeconfig = three, .context = "a"});
  REQUIRE_FALSE(alone);
  CHECK(alone.error().message.find("the context \"a\" does not exist; there is b") != std::string::npos);
  unsetenv("KUBECONFIG");
}

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
