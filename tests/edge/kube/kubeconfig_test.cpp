#include "edge/kube/kubeconfig.hpp"

#include <doctest/doctest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "junction/base64.hpp"
#include "junction/documents.hpp"
#include "junction/kube/config.hpp"
#include "tests/edge/kube/folder.hpp"

using namespace junction;
using namespace junction::kube;
using namespace junction::test;
namespace fs = std::filesystem;

namespace {

std::string replace_all(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
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
      {"CA data not base64", "cluster \"k\": certificate-authority-data is not base64"},
      {"insecure-skip-tls-verify and CA", "exclude each other"},
      {"no server", "no server found for cluster \"k\""},
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

TEST_CASE("what kubectl reads, and what it refuses") {
  no_environment();
  Folder folder;
  const auto with = [&](const std::string& cluster, const std::string& user, const std::string& more = "") {
    return load_config({.kubeconfig = folder.write(
                            "config", "current-context: c\n" + more + "\nclusters: [{name: k, cluster: {" +
                                          cluster + "}}]\nusers: [{name: u, user: {" + user +
                                          "}}]\ncontexts: [{name: c, context: {cluster: "
                                          "k, user: u}}]\n")});
  };
  const std::string server = "server: 'https://k:6443'";
  for (const char* url : {"HTTPS://k:6443", "https://k:6443/", "https://k:6443/?x=1", "https://k:6443#x"}) {
    CAPTURE(url);
    const auto config = with("server: '" + std::string(url) + "'", "");
    REQUIRE(config);
    CHECK(config->server == "https://k:6443");
  }
  CHECK(with(server + ", insecure-skip-tls-verify: yes", "")->insecure_skip_tls_verify);
  CHECK_FALSE(with(server + ", insecure-skip-tls-verify: off", "")->insecure_skip_tls_verify);
  CHECK(with(server, "token: t, client-key-data: S0VZ"));  // a key by itself is for nothing

  struct Row {
    std::string user, more, message;
  };
  const Row rows[] = {
      {"", "kind: Pod", "is no kubeconfig, but of kind \"Pod\""},
      {"}}, {name: u, user: {token: t", "", "users has \"u\" twice"},
      {"exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: x, env: "
       "[{value: y}]}",
       "", "env entry without a name"},
  };
  for (const Row& row : rows) {
    const auto config = with(server, row.user, row.more);
    REQUIRE_FALSE(config);
    CAPTURE(config.error().message);
    CHECK(config.error().message.find(row.message) != std::string::npos);
  }
}
