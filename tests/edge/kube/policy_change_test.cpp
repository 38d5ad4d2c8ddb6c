#include "junction/kube/policy_change.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "junction/documents.hpp"
#include "junction/policy_json.hpp"
#include "junction/service.hpp"
#include "tests/edge/kube/scripted_server.hpp"

using namespace junction;
using namespace junction::kube;
using namespace junction::test;
using nlohmann::json;

namespace {

const Policy ring{.type = Policy::Type::ring_hash,
                  .hash_params = {{HashParam::Type::query_param, "query", false}}};
constexpr const char* key = "junctionlabs.io/backend.lb.80";

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

json recorded_service(const std::string& name) {
  const auto record = read_documents(std::string(TEST_DATA "/kube/") + name + ".json");
  if (!record) FAIL(record.error().message);
  return json::parse(record->front()["exchanges"][0]["response"]["body"].get<std::string>());
}

/// One Service behind the few answers a change needs, with resourceVersions as an API server moves them.
class OneService {
 public:
  explicit OneService(json object) : object_(std::move(object)) {}

  Reply operator()(const SeenRequest& request) {
    if (request.method() == "GET") {
      const Reply reply = answer(200, object_.dump());
      if (changes_in_between_ > 0 && changes_in_between_--)
        set(object_["metadata"]["labels"]["x"], std::to_string(version()));
      return reply;
    }
    const json body = json::parse(request.body);
    const json wanted = body["metadata"].value("resourceVersion", json());
    if (wanted.is_string() && wanted != object_["metadata"]["resourceVersion"])
      return answer(
          409,
          R"({"kind":"Status","code":409,"reason":"Conflict","message":"the object has been modified"})");
    json after = object_;
    after.merge_patch(body);
    after["metadata"]["resourceVersion"] = object_["metadata"]["resourceVersion"];
    if (contains(request.target(), "dryRun=All")) return answer(200, after.dump());
    if (after != object_) {
      object_ = after;
      object_["metadata"]["resourceVersion"] = std::to_string(version() + 1);
    }
    return answer(200, object_.dump());
  }

  /// Somebody else writes after each of the next `times` reads.
  void change_in_between(int times) { changes_in_between_ = times; }
  json& object() { return object_; }

 private:
  int version() const { return std::stoi(object_["metadata"]["resourceVersion"].get<std::string>()); }
  void set(json& place, const std::string& value) {
    place = value;
    object_["metadata"]["resourceVersion"] = std::to_string(version() + 1);
  }

  json object_;
  int changes_in_between_ = 0;
};

json without_bookkeeping(json object) {
  object["metadata"].erase("resourceVersion");
  object["metadata"].erase("managedFields");
  return object;
}

}  // namespace

TEST_CASE("a change touches the one annotation and nothing else, whatever the Service") {
  struct Row {
    const char* recording;
    std::uint16_t port;
    const char* refused;  // null: it works
  };
  const Row rows[] = {
      {"01-get-service", 80, nullptr},
      {"01-get-service-multi-port", 9090, nullptr},
      {"01-get-service-headless", 80, nullptr},
      {"01-get-service-dualstack", 80, nullptr},
      {"01-get-service-ipv6", 80, nullptr},
      {"01-get-service-externalname", 443, nullptr},
      {"01-get-service-nodeport", 80, "of type NodePort, which Junction does not understand"},
      {"01-get-service-multi-port", 81, "has no port 81: its ports are 80 (http), 9090 (grpc), 53 (dns-udp)"},
      {"01-get-service-externalname", 8080, "has no port 8080: its ports are 80 and 443"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.recording);
    CAPTURE(row.port);
    OneService service(recorded_service(row.recording));
    service.object()["metadata"]["annotations"]["example.com/other"] = "stays";
    const json before = service.object();
    const std::string name = before["metadata"]["name"];
    ScriptedServer server([&](const SeenRequest& request) { return service(request); });
    Client client({.server = server.url()});
    const auto outcome = apply_change(client, {"default", name, row.port, ring});
    if (row.refused) {
      REQUIRE_FALSE(outcome);
      CHECK(contains(outcome.error().message, row.refused));
      CHECK(service.object() == before);
      CHECK(server.seen().size() == 1);  // nothing was sent
      continue;
    }
    if (!outcome) FAIL(outcome.error().message);
    CHECK(outcome->changed);
    const std::string annotation = Service::policy_annotation(row.port);
    CHECK(service.object()["metadata"]["annotations"][annotation] == policy_json(ring));
    json after = service.object();
    after["metadata"]["annotations"].erase(annotation);
    CHECK(without_bookkeeping(after) == without_bookkeeping(before));

    const auto again = apply_change(client, {"default", name, row.port, ring});
    REQUIRE(again);
    CHECK_FALSE(again->changed);
    const auto removed = apply_change(client, {"default", name, row.port, std::nullopt});
    REQUIRE(removed);
    CHECK(removed->changed);
    CHECK(without_bookkeeping(service.object()) == without_bookkeeping(before));
    const auto removed_again = apply_change(client, {"default", name, row.port, std::nullopt});
    REQUIRE(removed_again);
    CHECK_FALSE(removed_again->changed);
    CHECK(server.seen().back().method() == "GET");
  }
}

TEST_CASE("a Service that the server has just answered is not read again, unless it has changed since") {
  OneService service(recorded_service("01-get-service-multi-port"));
  ScriptedServer server([&](const SeenRequest& request) { return service(request); });
  Client client({.server = server.url()});
  const auto first = apply_change(client, {"default", "wineinfo-multi", 80, ring});
  REQUIRE(first);
  const auto second = apply_change(client, {"default", "wineinfo-multi", 9090, ring}, {}, &first->after);
  REQUIRE(second);
  CHECK(second->changed);
  CHECK(server.seen().size() == 3);
  CHECK_FALSE(apply_change(client, {"default", "wineinfo-multi", 81, ring}, {}, &second->after));
  CHECK(server.seen().size() == 3);
  const auto removed =
      apply_change(client, {"default", "wineinfo-multi", 80, std::nullopt}, {}, &first->after);
  if (!removed) FAIL(removed.error().message);  // first->after is outdated: a conflict, read, and removed
  CHECK(server.seen().size() == 6);
  CHECK_FALSE(service.object()["metadata"]["annotations"].contains(key));
}

TEST_CASE("a broken annotation can be repaired, and a leftover one taken away") {
  OneService service(recorded_service("01-get-service"));
  service.object()["metadata"]["annotations"] = {{key, "{broken"}, {"junctionlabs.io/backend.lb.99", "{}"}};
  ScriptedServer server([&](const SeenRequest& request) { return service(request); });
  Client client({.server = server.url()});
  REQUIRE(apply_change(client, {"default", "wineinfo-recs", 80, ring}));
  CHECK(service.object()["metadata"]["annotations"][key] == policy_json(ring));
  CHECK_FALSE(apply_change(client, {"default", "wineinfo-recs", 99, ring}));
  REQUIRE(apply_change(client, {"default", "wineinfo-recs", 99, std::nullopt}));
  CHECK_FALSE(service.object()["metadata"]["annotations"].contains("junctionlabs.io/backend.lb.99"));
  service.object()["spec"]["type"] = "NodePort";
  CHECK_FALSE(apply_change(client, {"default", "wineinfo-recs", 80, ring}));
  REQUIRE(apply_change(client, {"default", "wineinfo-recs", 80, std::nullopt}));
  CHECK_FALSE(service.object()["metadata"]["annotations"].contains(key));
}

TEST_CASE("what is taken away is what was read: a conflict is read again, a bounded number of times") {
  OneService service(recorded_service("01-get-service"));
  service.object()["metadata"]["annotations"] = {{key, policy_json(ring)}};
  ScriptedServer server([&](const SeenRequest& request) { return service(request); });
  Client client({.server = server.url()});
  service.change_in_between(2);
  const auto removed = apply_change(client, {"default", "wineinfo-recs", 80, std::nullopt});
  if (!removed) FAIL(removed.error().message);
  CHECK(server.seen().size() == 6);
  CHECK_FALSE(service.object()["metadata"]["annotations"].contains(key));

  service.object()["metadata"]["annotations"] = {{key, policy_json(ring)}};
  service.change_in_between(1000);
  const auto lost = apply_change(client, {"default", "wineinfo-recs", 80, std::nullopt});
  REQUIRE_FALSE(lost);
  CHECK(lost.error().kind == ErrorKind::conflict);
  CHECK(server.seen().size() == 6 + 12);
}

TEST_CASE("dry runs store nothing, and tell whether there is something to change") {
  OneService service(recorded_service("01-get-service"));
  const json before = service.object();
  ScriptedServer server([&](const SeenRequest& request) { return service(request); });
  Client client({.server = server.url()});
  using DryRun = ChangeOptions::DryRun;
  for (const DryRun dry_run : {DryRun::client, DryRun::server}) {
    const auto outcome = apply_change(client, {"default", "wineinfo-recs", 80, ring}, {.dry_run = dry_run});
    REQUIRE(outcome);
    CHECK(outcome->changed);
    CHECK(outcome->after["metadata"]["annotations"][key] == policy_json(ring));
    CHECK(service.object() == before);
    const auto nothing =
        apply_change(client, {"default", "wineinfo-recs", 80, std::nullopt}, {.dry_run = dry_run});
    REQUIRE(nothing);
    CHECK_FALSE(nothing->changed);
  }
  CHECK(server.seen().size() == 5);  // the client's dry run only reads
}

TEST_CASE("server-side apply carries what the manager applied before, and takes nothing else away") {
  const auto managed = [](const std::string& manager, const char* operation, json fields) {
    return json{{"manager", manager}, {"operation", operation}, {"fieldsV1", std::move(fields)}};
  };
  const json annotations{{"f:metadata",
                          {{"f:annotations",
                            {{".", json::object()},
                             {"f:junctionlabs.io/backend.lb.81", json::object()},
                             {"f:gone", json::object()}}}}}};
  json object = recorded_service("01-get-service");
  object["metadata"]["annotations"] = {{"junctionlabs.io/backend.lb.81", "{\"type\":\"RoundRobin\"}"},
                                       {"other", "x"}};
  object["metadata"]["managedFields"] = {
      managed("junctionctl", "Apply", annotations),
      managed("junctionctl", "Update", {{"f:spec", {{"f:ports", json::object()}}}}),
      managed("kubectl", "Apply", {{"f:spec", {{"f:ports", json::object()}}}})};
  OneService service(object);
  ScriptedServer server([&](const SeenRequest& request) { return service(request); });
  Client client({.server = server.url()});
  ChangeOptions options{.server_side = true, .force_conflicts = true};
  REQUIRE(apply_change(client, {"default", "wineinfo-recs", 80, ring}, options));
  const SeenRequest seen = server.seen().back();
  CHECK(seen.target() ==
        "/api/v1/namespaces/default/services/wineinfo-recs?fieldManager=junctionctl&force=true");
  CHECK(seen.header("Content-Type") == "application/apply-patch+yaml");
  const json expected{
      {"apiVersion", "v1"},
      {"kind", "Service"},
      {"metadata",
       {{"name", "wineinfo-recs"},
        {"namespace", "default"},
        {"resourceVersion", object["metadata"]["resourceVersion"]},
        {"annotations",
         {{key, policy_json(ring)}, {"junctionlabs.io/backend.lb.81", "{\"type\":\"RoundRobin\"}"}}}}}};
  CHECK(json::parse(seen.body) == expected);

  options.field_manager = "kubectl";
  const auto refused = apply_change(client, {"default", "wineinfo-recs", 80, ring}, options);
  REQUIRE_FALSE(refused);
  CHECK(contains(refused.error().message, "also applied spec"));
}

TEST_CASE("an apply that others came before is made anew, so that it takes nothing of theirs away") {
  OneService service(recorded_service("01-get-service"));
  ScriptedServer server([&](const SeenRequest& request) { return service(request); });
  Client client({.server = server.url()});
  service.change_in_between(2);
  const auto applied = apply_change(client, {"default", "wineinfo-recs", 80, ring}, {.server_side = true});
  if (!applied) FAIL(applied.error().message);
  CHECK(server.seen().size() == 6);
  CHECK(service.object()["metadata"]["annotations"][key] == policy_json(ring));
  service.change_in_between(1000);
  const auto lost =
      apply_change(client, {"default", "wineinfo-recs", 80, std::nullopt}, {.server_side = true});
  REQUIRE_FALSE(lost);
  CHECK(lost.error().kind == ErrorKind::conflict);
  CHECK(server.seen().size() == 6 + 12);
}

TEST_CASE("an apply that leaves the policy there, since others own it, is no removal") {
  json object = recorded_service("01-get-service");
  object["metadata"]["annotations"] = {{key, policy_json(ring)}};
  const json owned{{"f:metadata", {{"f:annotations", {{std::string("f:") + key, json::object()}}}}}};
  object["metadata"]["managedFields"] = {
      {{"manager", "alice"}, {"operation", "Update"}, {"fieldsV1", owned}},
      {{"manager", "junctionctl"}, {"operation", "Apply"}, {"fieldsV1", owned}}};
  ScriptedServer server([&](const SeenRequest& request) {  // gives its own share up, as the API server does
    if (request.method() == "PATCH") object["metadata"]["managedFields"].erase(1);
    return answer(200, object.dump());
  });
  Client client({.server = server.url()});
  const auto removed =
      apply_change(client, {"default", "wineinfo-recs", 80, std::nullopt}, {.server_side = true});
  REQUIRE_FALSE(removed);
  CHECK(removed.error().kind == ErrorKind::owned);
  CHECK(contains(removed.error().message, "port 80 is still there, as it is owned by \"alice\":"));
  CHECK(contains(removed.error().message, "without --server-side"));
  CHECK(server.seen().size() == 2);  // it is not tried again
}

TEST_CASE("Backends are read in both spellings, and refused by name") {
  for (const char* text : {
           R"({"id":{"type":"kube","name":"s","namespace":"n","port":80},
               "lb":{"type":"RingHash","minRingSize":1024,"hashParams":[{"type":"QueryParam","name":"query"}]}})",
           R"({"id":{"type":"kube","name":"s","namespace":"n","port":80},
               "lb":{"type":"RingHash","min_ring_size":1024,"hash_params":[{"type":"query","name":"query"}]}})"}) {
    const auto change = parse_backend(json::parse(text));
    if (!change) FAIL(change.error().message);
    CHECK(change->service == "s");
    CHECK(change->namespace_ == "n");
    CHECK(change->port == 80);
    CHECK(change->policy == ring);
  }
  struct Row {
    const char* text;
    const char* message;
  };
  const Row rows[] = {
      {"[]", "there is no id"},
      {R"({"kind":"Service"})", "this is a Service: patch -f takes Backends"},
      {R"({"id":{"type":"dns","hostname":"wine.example.com","port":80},"lb":{}})",
       "wine.example.com is a DNS name"},
      {R"({"id":{"type":"kube","name":"s","port":0},"lb":{}})", "no port"},
      {R"({"id":{"type":"kube","name":"s","port":70000},"lb":{}})",
       "id.port must be a whole number from 0 to 65535, not 70000"},
      {R"({"id":{"type":"kube","name":"s","port":"80"},"lb":{}})", "id.port must be"},
      {R"({"id":{"type":"kube","port":80},"lb":{}})", "no name"},
      {R"({"id":{"type":"kube","name":"s","port":80}})", "has no lb"},
      {R"({"id":{"type":"kube","name":"s","port":80,"x":1},"lb":{}})", "'x' is unknown"},
      {R"({"id":{"type":"kube","name":"s","port":80},"lb":{"type":"RoundRobin"},"spec":{}})",
       "'spec' is unknown"},
      {R"({"id":{"type":"kube","name":"s","port":80},"lb":{"type":"RingHash","max_ring_size":1}})",
       "max_ring_size"},
      {R"({"id":{"type":"kube","name":"s","port":80},"lb":{"type":"Ringhash"}})", "Ringhash"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto change = parse_backend(json::parse(row.text));
    REQUIRE_FALSE(change);
    CAPTURE(change.error().message);
    CHECK(contains(change.error().message, row.message));
  }
}
