// Lists, watches and logs at the API's function, without sockets.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "edge/sandbox/api.hpp"
#include "edge/sandbox/shop.hpp"
#include "edge/sandbox/table.hpp"

using namespace junction::sandbox;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr const char* slices = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";

json slice(const std::string& service) {
  return {{"kind", "EndpointSlice"},
          {"apiVersion", "discovery.k8s.io/v1"},
          {"metadata", {{"labels", {{"kubernetes.io/service-name", service}}}}},
          {"addressType", "IPv4"},
          {"endpoints", json::array()},
          {"ports", json::array()}};
}

ObjectKey slice_key(const std::string& name) {
  return {"endpointslices", "default", name};
}

struct World {
  explicit World(std::size_t history = 1000) : store(history) {
    for (const char* const name : {"a", "b", "c"}) store.put(slice_key(name), slice("recs"));
    store.put(slice_key("other"), slice("catalog"));
  }

  ApiReply ask(std::multimap<std::string, std::string> query, const std::string& path = slices) {
    return api.handle(
        {.method = "GET", .path = path, .query = std::move(query), .authorization = "Bearer t"});
  }
  json list(std::multimap<std::string, std::string> query) { return json::parse(ask(std::move(query)).body); }

  ObjectStore store;
  std::shared_ptr<AccessLog> log = std::make_shared<AccessLog>();
  Api api{store, {"t", 200, [this](const std::string&) { return log; }}};
};

/// The events that have come by now: "ADDED a", ...
std::vector<std::string> events(const ApiReply& reply, std::size_t count) {
  std::string text;
  const auto give_up = std::chrono::steady_clock::now() + 10s;
  const auto lines = [&] { return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')); };
  while (lines() < count && reply.stream(text) && std::chrono::steady_clock::now() < give_up) {
  }
  std::vector<std::string> found;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    const json event = json::parse(line);
    const json& object = event["object"];
    found.push_back(
        event["type"].get<std::string>() + " " +
        (object.contains("code") ? object["code"].dump() : object["metadata"]["name"].get<std::string>()));
  }
  return found;
}

using Events = std::vector<std::string>;

}  // namespace

TEST_CASE("a watch without resourceVersion begins with what is there") {
  World world;
  const ApiReply reply = world.ask({{"watch", "1"}, {"labelSelector", "kubernetes.io/service-name=recs"}});
  CHECK(events(reply, 3) == Events{"ADDED a", "ADDED b", "ADDED c"});
}

TEST_CASE("a watch goes on where the list ended, and tells what enters and leaves its selector") {
  World world;
  const json list = world.list({{"labelSelector", "kubernetes.io/service-name=recs"}});
  CHECK(list["items"].size() == 3);
  CHECK(!list["items"][0].contains("kind"));
  const ApiReply reply = world.ask({{"watch", "true"},
                                    {"labelSelector", "kubernetes.io/service-name=recs"},
                                    {"resourceVersion", list["metadata"]["resourceVersion"]}});
  json changed = slice("recs");
  changed["addressType"] = "IPv6";
  world.store.put(slice_key("a"), changed);
  world.store.put(slice_key("b"), slice("catalog"));   // leaves the selector
  world.store.put(slice_key("other"), slice("recs"));  // enters it
  world.store.put(slice_key("other"), slice("recs"));  // no change, no event
  world.store.remove(slice_key("c"));
  world.store.put({"services", "default", "x"}, {{"kind", "Service"}});  // another kind
  CHECK(events(reply, 4) == Events{"MODIFIED a", "DELETED b", "ADDED other", "DELETED c"});
}

TEST_CASE("an event reaches a watch that waits") {
  World world;
  const ApiReply reply =
      world.ask({{"watch", "true"}, {"resourceVersion", std::to_string(world.store.version())}});
  std::thread later([&] {
    std::this_thread::sleep_for(30ms);
    world.store.remove(slice_key("a"));
  });
  CHECK(events(reply, 1) == Events{"DELETED a"});
  later.join();
}

TEST_CASE("a watch from before the history is told 410, in a stream that is 200") {
  World world(3);
  const ApiReply reply = world.ask({{"watch", "true"}, {"resourceVersion", "1"}});
  CHECK(reply.status == 200);
  CHECK(events(reply, 1) == Events{"ERROR 410"});
}

TEST_CASE("a watch ends when its time is over, and when the store closes") {
  World world;
  const ApiReply reply = world.ask({{"watch", "true"}, {"resourceVersion", "9999"}, {"timeoutSeconds", "1"}});
  CHECK(events(reply, 1).empty());
  const ApiReply other = world.ask({{"watch", "true"}, {"resourceVersion", "9999"}});
  world.store.close();
  CHECK(events(other, 1).empty());
}

TEST_CASE("pages follow each other, and an old token brings 410 with a new one") {
  World world(4);
  json page = world.list({{"limit", "2"}, {"labelSelector", "kubernetes.io/service-name=recs"}});
  CHECK(page["items"].size() == 2);
  const std::string token = page["metadata"]["continue"];
  page =
      world.list({{"limit", "2"}, {"labelSelector", "kubernetes.io/service-name=recs"}, {"continue", token}});
  REQUIRE(page["items"].size() == 1);
  CHECK(page["items"][0]["metadata"]["name"] == "c");
  CHECK(!page["metadata"].contains("continue"));
  for (int i = 0; i < 10; ++i) world.store.put(slice_key(std::to_string(i)), slice("x"));
  const json gone = world.list({{"limit", "2"}, {"continue", token}});
  CHECK(gone["code"] == 410);
  CHECK(world.list({{"limit", "1"}, {"continue", gone["metadata"]["continue"]}})["items"].size() == 1);
  CHECK(world.list({{"limit", "1"}, {"continue", "garbage"}})["code"] == 400);
}

TEST_CASE("selectors") {
  World world;
  struct Row {
    const char *kind, *text;
    std::size_t found;
  };
  const Row rows[] = {
      {"labelSelector", "kubernetes.io/service-name=recs", 3},
      {"labelSelector", "kubernetes.io/service-name==recs", 3},
      {"labelSelector", "kubernetes.io/service-name!=recs", 1},
      {"labelSelector", "kubernetes.io/service-name in (recs, catalog)", 4},
      {"labelSelector", "kubernetes.io/service-name notin (recs)", 1},
      {"labelSelector", "kubernetes.io/service-name", 4},
      {"labelSelector", "!kubernetes.io/service-name", 0},
      {"labelSelector", "a!=b,kubernetes.io/service-name=recs", 3},
      {"fieldSelector", "metadata.name=b", 1},
      {"fieldSelector", "metadata.name!=b", 3},
      {"fieldSelector", "metadata.namespace=elsewhere", 0},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(world.list({{row.kind, row.text}})["items"].size() == row.found);
  }
  CHECK(world.ask({{"labelSelector", "a===b"}}).status == 400);
  CHECK(world.ask({{"fieldSelector", "spec.foo=bar"}}).status == 400);
  CHECK(world.ask({{"limit", "x"}}).status == 400);
}

TEST_CASE("logs: tail, times, bytes, and following") {
  World world;
  set_up_shop(world.store, 1);
  world.store.put({"pods", "default", "p"}, {{"kind", "Pod"}});
  for (const char* const line : {"one", "two", "three"}) world.log->add(line);
  const std::string path = "/api/v1/namespaces/default/pods/p/log";
  CHECK(world.ask({}, path).body == "one\ntwo\nthree\n");
  CHECK(world.ask({}, path).content_type == "text/plain");
  CHECK(world.ask({{"tailLines", "2"}}, path).body == "two\nthree\n");
  CHECK(world.ask({{"tailLines", "0"}}, path).body.empty());
  CHECK(world.ask({{"limitBytes", "5"}}, path).body == "one\nt");
  CHECK(world.ask({{"timestamps", "true"}, {"tailLines", "1"}}, path).body.ends_with("Z three\n"));
  CHECK(world.ask({{"tailLines", "-1"}}, path).status == 422);
  CHECK(world.ask({{"container", "nope"}}, path).status == 400);
  CHECK(world.ask({}, "/api/v1/namespaces/default/pods/q/log").status == 404);

  const ApiReply follow = world.ask({{"follow", "true"}, {"tailLines", "1"}}, path);
  std::string text;
  CHECK(follow.stream(text));
  world.log->add("four");
  CHECK(follow.stream(text));
  CHECK(text == "three\nfour\n");
  world.log->end();
  CHECK(!follow.stream(text));
}

TEST_CASE("a bounded log keeps the newest lines and counts the rest") {
  AccessLog log(2);
  for (const char* const line : {"one", "two", "three"}) log.add(line);
  const auto lines = log.since(0);
  REQUIRE(lines.lines.size() == 2);
  CHECK(lines.lines[0].text == "two");
  CHECK(lines.next == 3);
  CHECK(log.since(3).lines.empty());
}

TEST_CASE("ages read as kubectl's") {
  struct Row {
    std::chrono::seconds age;
    const char* text;
  };
  const Row rows[] = {{0s, "0s"},    {119s, "119s"}, {120s, "2m"},        {130s, "2m10s"},
                      {600s, "10m"}, {3h, "3h"},     {3h + 5min, "3h5m"}, {8h, "8h"},
                      {47h, "47h"},  {49h, "2d1h"},  {24h * 9, "9d"}};
  for (const Row& row : rows) CHECK(human_duration(row.age) == row.text);
}
