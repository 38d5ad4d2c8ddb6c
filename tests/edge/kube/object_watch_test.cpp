#include "edge/kube/object_watch.hpp"

#include <doctest/doctest.h>

#include "junction/documents.hpp"

using namespace junction;
using namespace junction::kube;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

const ObjectWatch::Time start{};

json object(const std::string& name, const std::string& version) {
  return {{"metadata", {{"name", name}, {"resourceVersion", version}}}};
}

std::string event(const char* type, const json& object) {
  return json{{"type", type}, {"object", object}}.dump() + "\n";
}

json list(const std::string& version, std::vector<json> items) {
  return {{"metadata", {{"resourceVersion", version}}}, {"items", std::move(items)}};
}

ObjectWatch listed() {
  ObjectWatch watch;
  watch.listed(list("5", {object("a", "3")}));
  watch.started(start);
  return watch;
}

}  // namespace

TEST_CASE("a watch first lists, then follows") {
  ObjectWatch watch;
  CHECK(watch.needs_list());
  watch.listed(list("5", {object("a", "3"), object("b", "4")}));
  CHECK_FALSE(watch.needs_list());
  CHECK(watch.resource_version() == "5");
  watch.started(start);
  CHECK(watch.on_data(event("MODIFIED", object("a", "6")) + event("DELETED", object("b", "7")) +
                      event("ADDED", object("c", "8"))));
  CHECK(watch.resource_version() == "8");
  CHECK(watch.objects().size() == 2);
  CHECK(watch.objects().at("a") == object("a", "6"));
  CHECK(watch.objects().count("c") == 1);
}

TEST_CASE("events come whole, wherever the chunks begin and end") {
  const std::string stream = event("ADDED", object("b", "6")) + event("MODIFIED", object("a", "7"));
  for (std::size_t size = 1; size <= stream.size(); ++size) {
    CAPTURE(size);
    ObjectWatch watch = listed();
    for (std::size_t at = 0; at < stream.size(); at += size) REQUIRE(watch.on_data(stream.substr(at, size)));
    CHECK(watch.objects().size() == 2);
    CHECK(watch.resource_version() == "7");
  }
}

TEST_CASE("a recorded stream is read to its end, chunk by chunk as it came") {
  const auto recording = read_documents(TEST_DATA "/kube/04-watch.json");
  REQUIRE(recording);
  const json& response = recording->front()["exchanges"][0]["response"];
  ObjectWatch watch;
  watch.listed(list("756", {}));
  watch.started(start);
  std::string last;
  for (const json& chunk : response["chunks"]) {
    if (!chunk.contains("data")) continue;
    REQUIRE(watch.on_data(chunk["data"].get<std::string>()));
    last = watch.resource_version();
  }
  CHECK(std::stoi(last) > 756);
  CHECK_FALSE(watch.needs_list());
  CHECK_FALSE(watch.take_error());
}

TEST_CASE("a bookmark moves the resourceVersion and nothing else") {
  ObjectWatch watch = listed();
  const auto revision = watch.revision();
  CHECK(watch.on_data(event("BOOKMARK", {{"metadata", {{"resourceVersion", "99"}}}})));
  CHECK(watch.resource_version() == "99");
  CHECK(watch.revision() == revision);
  CHECK(watch.objects().size() == 1);
}

TEST_CASE("410 Gone means a new list, without a word and without losing what is known") {
  const json gone{{"kind", "Status"}, {"code", 410}, {"message", "too old resource version: 1 (3)"}};
  SUBCASE("as an event") {
    ObjectWatch watch = listed();
    CHECK_FALSE(watch.on_data(event("ERROR", gone)));
    watch.ended(start, false);
    CHECK(watch.needs_list());
    CHECK(watch.objects().size() == 1);
    CHECK_FALSE(watch.take_error());
  }
  SUBCASE("as the answer itself") {
    ObjectWatch watch = listed();
    watch.ended(start, true);
    CHECK(watch.needs_list());
  }
}

TEST_CASE("other ERROR events are told once, and the watch goes on from where it was") {
  ObjectWatch watch = listed();
  CHECK_FALSE(
      watch.on_data(event("ERROR", {{"kind", "Status"}, {"code", 500}, {"message", "etcd is gone"}})));
  watch.ended(start, false);
  const auto error = watch.take_error();
  REQUIRE(error);
  CHECK(error->message.find("etcd is gone") != std::string::npos);
  CHECK_FALSE(watch.take_error());
  CHECK(watch.resource_version() == "5");
  CHECK(watch.due() > start);
}

TEST_CASE("what is no event ends the stream") {
  for (const char* line :
       {"not json\n", "{}\n", "[1]\n", "{\"type\":\"ADDED\"}\n", "{\"type\":1,\"object\":{}}\n"}) {
    CAPTURE(line);
    ObjectWatch watch = listed();
    CHECK_FALSE(watch.on_data(line));
    CHECK(watch.take_error());
    CHECK(watch.objects().size() == 1);
  }
}

TEST_CASE("a server that keeps hanging up meets ever longer waits, and progress ends them") {
  ObjectWatch watch = listed();
  ObjectWatch::Time now = start;
  std::chrono::milliseconds waited{0};
  for (int i = 0; i < 20; ++i) {
    watch.started(now);
    watch.ended(now, false);
    const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(watch.due() - now);
    CHECK(wait >= 100ms);
    CHECK(wait >= waited);
    CHECK(wait <= 5s);
    waited = wait;
    now = watch.due();
  }
  CHECK(waited == 5s);
  watch.started(now);
  CHECK(watch.on_data(event("MODIFIED", object("a", "9"))));
  watch.ended(now, false);
  CHECK(watch.due() == now);  // it moved on: at once again
  watch.started(now);
  watch.ended(now + 300s, false);
  CHECK(watch.due() == now + 300s);  // a quiet stream that ran out of time is no failure
}

TEST_CASE("the same event over and over is no progress") {
  ObjectWatch watch = listed();
  watch.started(start);
  CHECK(watch.on_data(event("ADDED", object("a", "5"))));
  watch.ended(start, false);
  CHECK(watch.due() >= start + 100ms);
}
