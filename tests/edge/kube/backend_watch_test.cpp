#include "junction/kube/backend_watch.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "junction/policy_json.hpp"
#include "tests/edge/kube/scripted_server.hpp"

using namespace junction;
using namespace junction::kube;
using namespace junction::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

using Clock = std::chrono::steady_clock;

json service_object(const std::string& version, const std::string& policy = "") {
  json object{{"metadata", {{"name", "recs"}, {"namespace", "default"}, {"resourceVersion", version}}},
              {"spec", {{"type", "ClusterIP"}, {"ports", {{{"port", 80}, {"targetPort", 8080}}}}}}};
  if (!policy.empty()) object["metadata"]["annotations"]["junctionlabs.io/backend.lb.80"] = policy;
  return object;
}

json slice_object(const std::string& version, const std::vector<std::string>& addresses) {
  json endpoints = json::array();
  for (const std::string& address : addresses)
    endpoints.push_back({{"addresses", {address}}, {"conditions", {{"ready", true}, {"serving", true}}}});
  return {{"metadata",
           {{"name", "recs-1"},
            {"resourceVersion", version},
            {"labels", {{"kubernetes.io/service-name", "recs"}}}}},
          {"addressType", "IPv4"},
          {"ports", {{{"name", ""}, {"port", 8080}}}},
          {"endpoints", endpoints}};
}

std::string event(const char* type, const json& object) {
  return json{{"type", type}, {"object", object}}.dump() + "\n";
}

/// An API with one Service and one slice, whose watches the test feeds.
class FakeApi {
 public:
  FakeApi() : server_([this](const SeenRequest& request) { return handle(request); }) {}
  ~FakeApi() {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    changed_.notify_all();
  }

  ScriptedServer& server() { return server_; }
  void set(json service, json slice) {
    const std::lock_guard lock(mutex_);
    service_ = std::move(service);
    slice_ = std::move(slice);
  }
  /// Bytes for the watch of services (or slices); "CLOSE" drops its connection.
  void send(bool slices, std::string data) {
    const std::lock_guard lock(mutex_);
    (slices ? for_slices_ : for_services_).push_back(std::move(data));
    changed_.notify_all();
  }
  int count(bool slices, bool watches) const {
    int found = 0;
    for (const SeenRequest& request : server_.seen())
      found += (request.target().find("endpointslices") != std::string::npos) == slices &&
               (request.target().find("watch=true") != std::string::npos) == watches;
    return found;
  }
  std::string last_watch(bool slices) const {
    std::string last;
    for (const SeenRequest& request : server_.seen())
      if ((request.target().find("endpointslices") != std::string::npos) == slices &&
          request.target().find("watch=true") != std::string::npos)
        last = request.target();
    return last;
  }
  void refuse_watches(bool refuse) { refuse_watches_ = refuse; }

 private:
  Reply handle(const SeenRequest& request) {
    const bool slices = request.target().find("endpointslices") != std::string::npos;
    const std::lock_guard lock(mutex_);
    if (request.target().find("watch=true") == std::string::npos) {
      json items = json::array();
      const json& object = slices ? slice_ : service_;
      if (!object.is_null()) items.push_back(object);
      const std::string version =
          object.is_null() ? "1" : object["metadata"]["resourceVersion"].get<std::string>();
      return answer(200, json{{"metadata", {{"resourceVersion", version}}}, {"items", items}}.dump());
    }
    if (refuse_watches_) return {.pieces = {chunked_head(), "0\r\n\r\n"}};
    return {.pieces = {chunked_head()}, .close = true, .more = [this, slices](std::string& piece) {
              return next(slices ? for_slices_ : for_services_, piece);
            }};
  }

  bool next(std::deque<std::string>& queue, std::string& piece) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, 20ms, [&] { return closing_ || !queue.empty(); });
    if (closing_ || server_.stopping()) return false;
    piece.clear();
    if (queue.empty()) return true;
    const std::string data = std::move(queue.front());
    queue.pop_front();
    if (data == "CLOSE") return false;
    piece = chunk(data);
    return true;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  json service_, slice_;
  std::deque<std::string> for_services_, for_slices_;
  bool closing_ = false;
  std::atomic<bool> refuse_watches_{false};
  ScriptedServer server_;
};

/// What a BackendWatch said, for a test to wait on.
class Said {
 public:
  void change(const Backend& backend) {
    const std::lock_guard lock(mutex_);
    ++changes;
    policy_ = backend.policy;
    count_ = backend.in_force().size();
    changed_.notify_all();
  }
  void error(const Error& error) {
    const std::lock_guard lock(mutex_);
    errors.push_back(error.message);
    changed_.notify_all();
  }
  bool wait_for_endpoints(std::size_t count) {
    return wait([&] { return changes > 0 && count_ == count; });
  }
  bool wait_for_policy(Policy::Type type) {
    return wait([&] { return changes > 0 && policy_.type == type; });
  }
  bool wait_for_error(const std::string& part) {
    return wait([&] { return !errors.empty() && errors.back().find(part) != std::string::npos; });
  }

  int changes = 0;
  std::vector<std::string> errors;

 private:
  template <typename Until>
  bool wait(Until until) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 10s, until);
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  Policy policy_;
  std::size_t count_ = 0;
};

std::unique_ptr<BackendWatch> follow(FakeApi& api, Said& said) {
  return std::make_unique<BackendWatch>(
      ClusterConfig{.server = api.server().url()}, "default", "recs", 80,
      [&](const Backend& backend) { said.change(backend); }, [&](const Error& error) { said.error(error); });
}

const char* const ring = R"({"type":"RingHash","hash_params":[{"type":"QueryParam","name":"query"}]})";

}  // namespace

TEST_CASE("changes of policy and endpoints arrive at once") {
  FakeApi api;
  Said said;
  api.set(service_object("1"), slice_object("2", {"10.0.0.1"}));
  const auto watch = follow(api, said);
  REQUIRE(said.wait_for_endpoints(1));
  api.send(true, event("MODIFIED", slice_object("3", {"10.0.0.1", "10.0.0.2"})));
  CHECK(said.wait_for_endpoints(2));
  const auto begin = Clock::now();
  api.send(false, event("MODIFIED", service_object("4", ring)));
  CHECK(said.wait_for_policy(Policy::Type::ring_hash));
  CHECK(Clock::now() - begin < 1s);
  const int changes = said.changes;
  api.send(false, event("MODIFIED", service_object("5", ring)));  // nothing that matters
  api.send(true, event("MODIFIED", slice_object("6", {"10.0.0.3"})));
  CHECK(said.wait_for_endpoints(1));
  CHECK(said.changes == changes + 1);
  CHECK(said.errors.empty());
  CHECK(api.count(true, false) == 1);  // listed once
}

TEST_CASE("a dropped connection is taken up from the last resourceVersion") {
  FakeApi api;
  Said said;
  api.set(service_object("1"), slice_object("2", {"10.0.0.1"}));
  const auto watch = follow(api, said);
  REQUIRE(said.wait_for_endpoints(1));
  api.send(true, event("MODIFIED", slice_object("7", {"10.0.0.1", "10.0.0.2"})));
  REQUIRE(said.wait_for_endpoints(2));
  api.send(true, "CLOSE");
  api.send(true, event("MODIFIED", slice_object("8", {"10.0.0.1", "10.0.0.2", "10.0.0.3"})));
  CHECK(said.wait_for_endpoints(3));
  CHECK(api.count(true, false) == 1);  // no new list
  CHECK(api.count(true, true) == 2);
  CHECK(api.last_watch(true).find("resourceVersion=7") != std::string::npos);
}

TEST_CASE("410 Gone in the stream leads to a new list, and nothing is lost in between") {
  FakeApi api;
  Said said;
  api.set(service_object("1"), slice_object("2", {"10.0.0.1"}));
  const auto watch = follow(api, said);
  REQUIRE(said.wait_for_endpoints(1));
  api.set(service_object("1"), slice_object("90", {"10.0.0.1", "10.0.0.2", "10.0.0.3"}));
  api.send(true,
           event("ERROR", {{"kind", "Status"}, {"code", 410}, {"message", "too old resource version"}}));
  CHECK(said.wait_for_endpoints(3));
  CHECK(api.count(true, false) == 2);
  CHECK(said.errors.empty());
}

TEST_CASE("a Service that the control plane drops is told, and has no endpoints until it is mended") {
  FakeApi api;
  Said said;
  api.set(service_object("1", ring), slice_object("2", {"10.0.0.1"}));
  const auto watch = follow(api, said);
  REQUIRE(said.wait_for_endpoints(1));
  api.send(false, event("MODIFIED", service_object("3", R"({"type":"RingHash","max_ring_size":1})")));
  CHECK(said.wait_for_error(
      "service/recs: annotation junctionlabs.io/backend.lb.80: the field 'max_ring_size'"));
  CHECK(said.wait_for_endpoints(0));
  api.send(false, event("MODIFIED", service_object("4", ring)));
  CHECK(said.wait_for_endpoints(1));
  json other = service_object("5", ring);
  other["spec"]["ports"].push_back({{"port", 81}, {"targetPort", 8081}});
  other["metadata"]["annotations"]["junctionlabs.io/backend.lb.81"] = "{broken";
  api.send(false, event("MODIFIED", other));
  CHECK(said.wait_for_error("annotation junctionlabs.io/backend.lb.81"));
  CHECK(said.wait_for_endpoints(0));
  CHECK(said.changes == 4);
}

TEST_CASE("of a missing Service what was in force stays in force, and it is told") {
  FakeApi api;
  Said said;
  api.set(service_object("1", ring), slice_object("2", {"10.0.0.1"}));
  const auto watch = follow(api, said);
  REQUIRE(said.wait_for_policy(Policy::Type::ring_hash));
  api.send(false, event("DELETED", service_object("4")));
  CHECK(said.wait_for_error("services \"recs\" not found"));
  CHECK(said.changes == 1);
  api.send(false, event("ADDED", service_object("5", R"({"type":"RoundRobin"})")));
  CHECK(said.wait_for_policy(Policy::Type::round_robin));
}

TEST_CASE("a server that ends every watch at once meets no busy loop") {
  FakeApi api;
  Said said;
  api.set(service_object("1"), slice_object("2", {"10.0.0.1"}));
  api.refuse_watches(true);
  const auto watch = follow(api, said);
  REQUIRE(said.wait_for_endpoints(1));
  std::this_thread::sleep_for(500ms);
  CHECK(api.count(true, true) <= 5);
  api.refuse_watches(false);
  api.send(true, event("MODIFIED", slice_object("3", {"10.0.0.1", "10.0.0.2"})));
  CHECK(said.wait_for_endpoints(2));
}

TEST_CASE("a server that is down is told once, and found again when it is back") {
  Said said;
  int port = 0;
  {
    port = ScriptedServer([](const SeenRequest&) { return Reply{}; }).port();
  }
  const BackendWatch watch(
      {.server = "http://127.0.0.1:" + std::to_string(port)}, "default", "recs", 80,
      [&](const Backend& backend) { said.change(backend); }, [&](const Error& error) { said.error(error); });
  CHECK(said.wait_for_error("was refused"));
  std::this_thread::sleep_for(300ms);
  CHECK(said.errors.size() == 1);
}

TEST_CASE("a watch stops promptly, whatever it is doing") {
  FakeApi api;
  Said said;
  api.set(service_object("1"), slice_object("2", {"10.0.0.1"}));
  auto watch = follow(api, said);
  REQUIRE(said.wait_for_endpoints(1));
  const auto begin = Clock::now();
  watch.reset();
  CHECK(Clock::now() - begin < 500ms);
}

TEST_CASE("read_backend puts Service, slices, policy and endpoints together") {
  ScriptedServer server([&](const SeenRequest& request) {
    if (request.target() == "/api/v1/namespaces/default/services/recs")
      return answer(200, service_object("1", ring).dump());
    return answer(200, json{{"metadata", {{"resourceVersion", "2"}}},
                            {"items", {slice_object("2", {"10.0.0.1", "10.0.0.2"})}}}
                           .dump());
  });
  Client client({.server = server.url()});
  const auto backend = read_backend(client, "default", "recs", 80);
  if (!backend) FAIL(backend.error().message);
  CHECK(backend->policy.hashes());
  CHECK(backend->endpoints.endpoints.size() == 2);
  const auto missing = read_backend(client, "default", "recs", 81);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().message == "service/recs has no port 81: it has 80");
}

TEST_CASE("an ExternalName Service has the addresses that its name resolves to") {
  json external = service_object("1", ring);
  external["spec"] = {{"type", "ExternalName"}, {"externalName", "localhost"}};
  ScriptedServer server([&](const SeenRequest& request) {
    if (request.target() == "/api/v1/namespaces/default/services/recs") return answer(200, external.dump());
    return answer(200, json{{"metadata", {{"resourceVersion", "2"}}}, {"items", json::array()}}.dump());
  });
  Client client({.server = server.url()});
  const auto backend = read_backend(client, "default", "recs", 80);
  if (!backend) FAIL(backend.error().message);
  CHECK(backend->policy.hashes());
  REQUIRE_FALSE(backend->endpoints.endpoints.empty());
  CHECK(backend->endpoints.endpoints[0].address.to_string() == "127.0.0.1:80");
  CHECK(backend->endpoints.endpoints[0].hostname == "localhost");
  CHECK_FALSE(read_backend(client, "default", "recs", 8080));
  external["spec"]["externalName"] = "no-such-host.invalid";
  const auto unknown = read_backend(client, "default", "recs", 80);
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().message.find("no-such-host.invalid of service/recs does not resolve") !=
        std::string::npos);
}
