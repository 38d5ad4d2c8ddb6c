#include <doctest/doctest.h>

#include <algorithm>

#include "edge/load/http1_uring.hpp"
#include "junction/load/run.hpp"
#include "tests/truth/flood_server.hpp"

using namespace junction;
using namespace junction::load;
using namespace std::chrono_literals;
using junction::test::Flood;
using junction::test::FloodServer;

namespace {

constexpr auto slack = 2s;  // of a machine that is busy with other things; a flood takes as long as it likes
constexpr auto patience = 8s;

Plan plan_for(const FloodServer& server, const Flood& flood, EngineChoice engine) {
  Plan plan;
  plan.url = {"http", "127.0.0.1", server.port(), "/"};
  plan.queries = {{"red", "/?query=red"}};
  plan.schedule = {.kind = Schedule::Kind::rate, .rate = 50, .duration = 100ms};
  plan.timeout = 150ms;
  plan.transport.http2 = flood.http2;
  plan.transport.engine = engine;
  plan.transport.connections = 2;
  return plan;
}

std::vector<EngineChoice> engines_for(const Flood& flood) {
  std::vector<EngineChoice> all = {EngineChoice::epoll};
  if (!flood.http2 && uring_works()) all.push_back(EngineChoice::io_uring);
  return all;
}

}  // namespace

TEST_CASE("whatever a server floods a run with, it ends when it should, and every request is counted once") {
  for (const Flood& flood : test::floods()) {
    for (const EngineChoice engine : engines_for(flood)) {
      CAPTURE(flood.name);
      CAPTURE(static_cast<int>(engine));
      FloodServer server(flood, patience);
      const auto begin = std::chrono::steady_clock::now();
      const auto result = run(plan_for(server, flood, engine));
      CHECK(std::chrono::steady_clock::now() - begin < 250ms + slack);
      REQUIRE(result.ok());
      CHECK(result->scheduled == 5);
      CHECK(result->tally.sent() == 5);
      CHECK(result->tally.responses() + result->tally.errors() == 5);
      CHECK(result->tally.lateness.max() < std::chrono::nanoseconds(250ms + slack).count());
    }
  }
}

TEST_CASE("one stop ends a run in a flood, after the timeout at most") {
  const auto floods = test::floods();
  for (const char* const name : {"chunks", "interim answers", "h2 interim answers", "h2 WINDOW_UPDATE"}) {
    const Flood& flood =
        *std::find_if(floods.begin(), floods.end(), [&](const Flood& one) { return one.name == name; });
    for (const EngineChoice engine : engines_for(flood)) {
      CAPTURE(name);
      CAPTURE(static_cast<int>(engine));
      FloodServer server(flood, patience);
      Plan plan = plan_for(server, flood, engine);
      plan.schedule.duration = 60s;
      Stop stop;
      const auto begin = std::chrono::steady_clock::now();
      std::thread later([&] {
        std::this_thread::sleep_for(100ms);
        stop.request();
      });
      const auto result = run(plan, {.stop = &stop});
      CHECK(std::chrono::steady_clock::now() - begin < 250ms + slack);
      later.join();
      REQUIRE(result.ok());
      CHECK(result->stopped);
      CHECK(result->tally.sent() > 0);
      CHECK(result->tally.sent() == result->tally.responses() + result->tally.errors());
    }
  }
}
