// A whole sandbox and clients that no Kubernetes library is: strangers, other hosts' names, proxies'
// requests.
#include <doctest/doctest.h>
#include <httplib.h>

#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "edge/sandbox/fields.hpp"
#include "junction/kube/client.hpp"
#include "tests/edge/sandbox/raw_client.hpp"
#include "tests/edge/sandbox/running_sandbox.hpp"

using namespace std::chrono_literals;
using junction::Sandbox;
using nlohmann::json;
using Clock = std::chrono::steady_clock;

namespace {

constexpr const char* service_at = "/api/v1/namespaces/default/services/wineinfo-recs";
constexpr const char* front_path = "/wines/recommendations?query=red";

std::unique_ptr<httplib::SSLClient> api_client(const Sandbox& sandbox) {
  auto client = std::make_unique<httplib::SSLClient>("127.0.0.1", port_of(sandbox.api_url()));
  client->enable_server_certificate_verification(false);
  client->set_keep_alive(true);
  return client;
}

junction::SocketAddress pod_address(const Sandbox& sandbox) {
  junction::SocketAddress address = *junction::SocketAddress::parse(
      sandbox.pod_network().substr(0, sandbox.pod_network().rfind('.')) + ".10", 8080);
  return address;
}

/// cpp-httplib's client dies of a server that does not read on.
struct NoBrokenPipes {
  NoBrokenPipes() : before(std::signal(SIGPIPE, SIG_IGN)) {}
  ~NoBrokenPipes() { std::signal(SIGPIPE, before); }
  NoBrokenPipes(const NoBrokenPipes&) = delete;
  NoBrokenPipes& operator=(const NoBrokenPipes&) = delete;
  void (*before)(int);
};

std::string ask(const junction::SocketAddress& address, const std::string& bytes) {
  RawClient client(address);
  CHECK(client.send(bytes));
  return client.receive("}", 2s);
}

// Asked again for a while: on a busy machine a connection may be the oldest that waits, and go when others
// come.
bool front_answers(const junction::Sandbox& sandbox) {
  const std::string request =
      std::string("GET ") + front_path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  for (const auto give_up = Clock::now() + 10s; Clock::now() < give_up;)
    if (ask(address_of(sandbox.front_url()), request).starts_with("HTTP/1.1 200")) return true;
  return false;
}

}  // namespace

TEST_CASE("a stranger's body is not read, however long") {
  const NoBrokenPipes ignored;
  const auto sandbox = start();
  const auto client = api_client(*sandbox);
  const httplib::Headers tokens[] = {{}, {{"Authorization", "Bearer wrong"}}};
  for (const httplib::Headers& headers : tokens) {
    std::size_t asked_for = 0;
    const auto begin = Clock::now();
    const auto answer = client->Post(
        "/api/v1/namespaces/default/services", headers, std::size_t{600} << 20,
        [&](std::size_t, std::size_t, httplib::DataSink& sink) {
          const std::string piece(1 << 16, 'x');
          asked_for += piece.size();
          return sink.write(piece.data(), piece.size());
        },
        "application/json");
    CHECK(asked_for < (std::size_t{64} << 20));  // the server has answered, and closed, long before the end
    CHECK(Clock::now() - begin < 5s);
    if (answer) CHECK((answer->status == 403 || answer->status == 401));
  }
  junction::kube::Client api(cluster(*sandbox));
  CHECK(api.get(service_at).ok());
}

TEST_CASE("a body of the token's owner may have 3 MiB") {
  const auto sandbox = start();
  const auto client = api_client(*sandbox);
  const httplib::Headers token{{"Authorization", "Bearer " + cluster(*sandbox).token}};
  const auto patch = [&](std::size_t bytes) {
    std::string body = R"({"metadata":{"labels":{"a":"b"}}})";
    body.resize(bytes, ' ');
    return client->Patch(service_at, token, body, "application/merge-patch+json");
  };
  const auto whole = patch(3 << 20);
  REQUIRE(whole);
  CHECK(whole->status == 200);
  const auto long_one = patch((3 << 20) + 1);
  REQUIRE(long_one);
  CHECK(long_one->status == 413);
  CHECK(junction::sandbox::look(json::parse(long_one->body), "reason") == "RequestEntityTooLarge");
}

TEST_CASE("the API answers to names of its own, front and pods to any") {
  const auto sandbox = start();
  const auto client = api_client(*sandbox);
  struct Row {
    const char* host;
    int status;
  };
  const Row rows[] = {{"127.0.0.1", 200},    {"localhost:6443", 200},
                      {"LOCALHOST", 200},    {"127.8.9.10:1", 200},
                      {"[::1]:443", 200},    {"kubernetes.default.svc", 200},
                      {"evil.example", 421}, {"localhost.evil.example", 421},
                      {"10.0.0.1", 421},     {"127.evil", 421}};
  for (const Row& row : rows) {
    CAPTURE(row.host);
    const auto answer = client->Get("/version", {{"Host", row.host}});
    REQUIRE(answer);
    CHECK(answer->status == row.status);
    if (row.status == 421) CHECK(answer->body.find("nothing here is called") != std::string::npos);
  }
  const std::string host = "Host: wineinfo-recs.default.svc.cluster.local\r\nConnection: close\r\n\r\n";
  CHECK(ask(address_of(sandbox->front_url()), std::string("GET ") + front_path + " HTTP/1.1\r\n" + host)
            .starts_with("HTTP/1.1 200"));
  CHECK(ask(pod_address(*sandbox), "GET /recommendations/?query=red HTTP/1.1\r\n" + host)
            .starts_with("HTTP/1.1 200"));
}

TEST_CASE("a request line with a whole URL is answered everywhere") {
  const auto sandbox = start();
  const std::string rest = " HTTP/1.1\r\nHost: elsewhere\r\nConnection: close\r\n\r\n";
  CHECK(ask(address_of(sandbox->front_url()), "GET http://shop.example" + std::string(front_path) + rest)
            .starts_with("HTTP/1.1 200"));
  CHECK(ask(pod_address(*sandbox), "GET http://shop.example/recommendations/?query=red" + rest)
            .starts_with("HTTP/1.1 200"));
  const auto client = api_client(*sandbox);
  CHECK(client->Get("https://localhost/version")->status == 200);
  CHECK(client->Get("https://evil.example/version")->status == 421);
}

TEST_CASE("who forgets TLS is told so") {
  const auto sandbox = start();
  RawClient client(address_of(sandbox->api_url()));
  CHECK(client.send("GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  CHECK(client.receive_all() ==
        "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n");
}

TEST_CASE("a handshake that does not come is not waited for") {
  const auto sandbox = start({}, {.head = 200ms});
  for (const char* const first : {"", "\x16\x03\x01"}) {
    RawClient client(address_of(sandbox->api_url()));
    CHECK(client.send(first));
    client.receive_all();
    CHECK(client.closed());
  }
  junction::kube::Client api(cluster(*sandbox));
  CHECK(api.get(service_at).ok());
}

TEST_CASE("a pod's log shows no control characters, and no line that nobody asked for") {
  const auto sandbox = start();
  ask(pod_address(*sandbox),
      "GET /recommendations/?query=\x1b]0;PWNED\x07\rINFO: HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  junction::kube::Client api(cluster(*sandbox));
  const auto pods = api.list("/api/v1/namespaces/default/pods");
  REQUIRE(pods.ok());
  const std::string name =
      junction::sandbox::text_or(junction::sandbox::look(pods->at("items").at(0), "metadata", "name"));
  const auto log = api.get_text("/api/v1/namespaces/default/pods/" + name + "/log");
  REQUIRE(log.ok());
  CHECK(log->find("\"GET /recommendations/?query=%1B]0;PWNED%07%0DINFO: HTTP/1.1\" 200 OK\n") !=
        std::string::npos);
  CHECK(std::count(log->begin(), log->end(), '\n') == 1);
}

TEST_CASE("an annotation that nests without end is the Service's trouble alone") {
  const auto sandbox = start();
  junction::kube::Client api(cluster(*sandbox));
  const std::string deep = std::string(87'000, '[') + std::string(87'000, ']');
  const auto annotate = [&](const json& value) {
    const json patch{{"metadata", {{"annotations", {{"junctionlabs.io/backend.lb.80", value}}}}}};
    return api.patch(service_at, junction::kube::PatchType::merge, patch.dump()).ok();
  };
  CHECK(annotate(deep));
  std::this_thread::sleep_for(100ms);  // the front has looked at it by then
  CHECK(annotate(nullptr));
  CHECK(front_answers(*sandbox));
}

TEST_CASE("a flood of connections to one door leaves the others open") {
  const auto sandbox = start({}, {.connections = 60});
  std::vector<RawClient> silent;
  for (int i = 0; i < 300; ++i) silent.emplace_back(address_of(sandbox->api_url()));
  CHECK(front_answers(*sandbox));
  junction::kube::Client api(cluster(*sandbox));
  CHECK(api.get(service_at).ok());
}
