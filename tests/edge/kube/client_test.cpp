#include "junction/kube/client.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "edge/kube/exec_plugin.hpp"
#include "edge/kube/retry.hpp"
#include "tests/edge/kube/scripted_server.hpp"

using namespace junction;
using namespace junction::kube;
using namespace junction::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr const char* service = R"({"kind":"Service","apiVersion":"v1","metadata":{"name":"s"}})";

ClusterConfig config_for(const ScriptedServer& server) {
  return {.server = server.url(), .token = "secret"};
}

std::string status(int code, const std::string& reason, const std::string& message) {
  return json{{"kind", "Status"}, {"code", code}, {"reason", reason}, {"message", message}}.dump();
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("each kind of trouble is a message of one line that says what is the matter") {
  const std::string page = "<html><head><title>403 Blocked by policy</title></head><body>x</body></html>";
  struct Row {
    const char* name;
    Reply reply;
    ErrorKind kind;
    const char* message;
  };
  Reply truncated = answer(200, std::string(100, ' '));
  truncated.pieces[0].resize(truncated.pieces[0].size() - 50);
  truncated.close = true;
  const Row rows[] = {
      {"401", answer(401, status(401, "Unauthorized", "Unauthorized")), ErrorKind::unauthorized,
       "You must be logged in to the server"},
      {"403",
       answer(403, status(403, "Forbidden", "services \"s\" is forbidden: User \"u\" cannot patch resource")),
       ErrorKind::forbidden,
       "Error from server (Forbidden): services \"s\" is forbidden: User \"u\" cannot patch"},
      {"404", answer(404, status(404, "NotFound", "services \"s\" not found")), ErrorKind::not_found,
       "Error from server (NotFound): services \"s\" not found"},
      {"404 of no API server", answer(404, "404 page not found\n", "text/plain"), ErrorKind::not_found,
       "Error from server (NotFound): 404 page not found"},
      {"410", answer(410, status(410, "Expired", "too old")), ErrorKind::expired, "(Expired): too old"},
      {"415", answer(415, status(415, "UnsupportedMediaType", "the body")), ErrorKind::invalid,
       "UnsupportedMediaType"},
      {"422", answer(422, status(422, "Invalid", "Service \"s\" is invalid")), ErrorKind::invalid,
       "(Invalid): Service"},
      {"500 without a reason", answer(500, R"({"kind":"Status","code":500,"message":"boom"})"),
       ErrorKind::server, "Error from server (InternalError): boom"},
      {"504 labelled as text",
       answer(504, R"({"message":"Timeout: request did not complete"})", "text/plain"), ErrorKind::timeout,
       "(Timeout): Timeout: request did not complete"},
      {"a proxy's page", answer(403, page, "text/html"), ErrorKind::forbidden,
       "answered 403 with a web page (403 Blocked by policy): is there a proxy in between?"},
      {"a page instead of an object", answer(200, page, "text/html"), ErrorKind::server,
       "is it a Kubernetes API server?"},
      {"a truncated body", truncated, ErrorKind::network, "broke"},
      {"no answer at all", {.pieces = {""}, .close = true}, ErrorKind::network, "broke"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    ScriptedServer server([&](const SeenRequest&) { return row.reply; });
    Client client(config_for(server));
    const auto result = client.patch("/api/v1/x", PatchType::merge, "{}");
    REQUIRE_FALSE(result);
    CAPTURE(result.error().message);
    CHECK(result.error().kind == row.kind);
    CHECK(contains(result.error().message, row.message));
    CHECK_FALSE(contains(result.error().message, "\n"));
    CHECK_FALSE(contains(result.error().message, "secret"));
    CHECK(server.seen().size() == 1);  // a patch is not sent twice for any of these
  }
}

TEST_CASE("a conflict of server-side apply names the owners and the remedy") {
  const json body{
      {"kind", "Status"},
      {"code", 409},
      {"reason", "Conflict"},
      {"message", "Apply failed with 1 conflict: conflict with \"other\": .metadata.annotations.x"},
      {"details",
       {{"causes", {{{"reason", "FieldManagerConflict"}, {"message", "conflict with \"other\""}}}}}}};
  ScriptedServer server([&](const SeenRequest&) { return answer(409, body.dump()); });
  Client client(config_for(server));
  const auto result = client.patch("/api/v1/x", PatchType::apply, "{}");
  REQUIRE_FALSE(result);
  CHECK(contains(result.error().message, "conflict with \"other\": .metadata.annotations.x"));
  CHECK(contains(result.error().message, "--force-conflicts"));
}

TEST_CASE("a server that is down, and one that is slow") {
  int port = 0;
  {
    port = ScriptedServer([](const SeenRequest&) { return answer(200, service); }).port();
  }
  Client down({.server = "http://127.0.0.1:" + std::to_string(port)});
  const auto refused = down.get("/api/v1/x");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "The connection to the server 127.0.0.1:" + std::to_string(port) +
                                       " was refused - did you specify the right host or port?");

  ScriptedServer slow([](const SeenRequest&) {
    return Reply{.pieces = {"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n", "{"}, .pause = 400ms};
  });
  ClusterConfig config = config_for(slow);
  config.request_timeout = 100ms;
  Client client(config);
  const auto late = client.get("/api/v1/x");
  REQUIRE_FALSE(late);
  CHECK(late.error().kind == ErrorKind::timeout);
  CHECK(contains(late.error().message, "did not answer in time"));
}

TEST_CASE("what passes by itself is tried again, where that is safe") {
  struct Row {
    const char* name;
    bool patch;
    Reply first;
    bool again;
  };
  const Reply broken{.pieces = {""}, .close = true};
  const Row rows[] = {
      {"GET, 429", false, answer(429, "wait", "text/plain"), true},
      {"GET, 503", false, answer(503, "service unavailable", "text/plain"), true},
      {"GET, broken connection", false, broken, true},
      {"GET, 500", false, answer(500, "boom", "text/plain"), false},
      {"GET, 429 that asks for an hour", false, answer(429, "wait", "text/plain", "Retry-After: 3600\r\n"),
       false},
      {"PATCH, 429", true, answer(429, "wait", "text/plain", "Retry-After: 0\r\n"), true},
      {"PATCH, 503 that says when", true, answer(503, "soon", "text/plain", "Retry-After: 0\r\n"), true},
      {"PATCH, 503 that does not", true, answer(503, "gone", "text/plain"), false},
      {"PATCH, broken connection", true, broken, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    std::atomic<int> asked{0};
    ScriptedServer server(
        [&](const SeenRequest&) { return asked++ == 0 ? row.first : answer(200, service); });
    Client client(config_for(server));
    const auto result =
        row.patch ? client.patch("/api/v1/x", PatchType::merge, "{}") : client.get("/api/v1/x");
    CHECK(result.ok() == row.again);
    CHECK(asked == (row.again ? 2 : 1));
  }
}

TEST_CASE("retries end, and wait as long as they are asked to") {
  const HttpRequest get{};
  HttpResponse busy;
  busy.status = 429;
  CHECK(retry_after(get, busy, 1, 0) == 100ms);
  CHECK(retry_after(get, busy, 2, 0) == 200ms);
  CHECK(retry_after(get, busy, 4, 0) == 800ms);
  CHECK(retry_after(get, busy, 1, 4294967295U) <= 150ms);  // chance adds up to half
  CHECK_FALSE(retry_after(get, busy, 5, 0));
  busy.headers = {"retry-after: 2"};
  CHECK(retry_after(get, busy, 1, 0) == 2s);
  CHECK(parse_retry_after("7") == 7s);
  CHECK_FALSE(parse_retry_after("Wed, 21 Oct 2015 07:28:00 GMT"));
  CHECK_FALSE(parse_retry_after("-1"));
}

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
  Client client({.server = server.url(), .exec = plugin});
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
          server.url() + R"(","config":{"audience":"x"}},"interactive":false}})");
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

TEST_CASE("RFC 3339 times") {
  const auto at = [](std::string_view text) { return parse_rfc3339(text); };
  CHECK(at("1970-01-01T00:00:10Z") == std::chrono::system_clock::time_point(10s));
  CHECK(at("1970-01-01T01:00:10.5+01:00") == std::chrono::system_clock::time_point(10s));
  CHECK(at("1969-12-31T23:30:10-00:30") == std::chrono::system_clock::time_point(10s));
  for (const char* bad : {"", "soon", "1970-13-01T00:00:00Z", "1970-01-01T25:00:00Z", "1970-01-01T00:00:00"})
    CHECK_FALSE(at(bad));
}
