#include "edge/load/router.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>

#include <cstring>
#include <set>

#include "tests/edge/load/virtual_engine.hpp"

using namespace junction;
using namespace junction::load;
using namespace std::chrono_literals;

using Reply = VirtualEngine::Reply;

namespace {

const Policy by_query{.type = Policy::Type::ring_hash,
                      .hash_params = {{HashParam::Type::query_param, "query"}}};

std::vector<Endpoint> pods(std::initializer_list<const char*> addresses) {
  std::vector<Endpoint> all;
  for (const char* const address : addresses) all.push_back({.address = *SocketAddress::parse(address)});
  return all;
}

std::string text(const Lane& lane) {
  char ip[INET6_ADDRSTRLEN] = "";
  sockaddr_in v4{};
  std::memcpy(&v4, lane.address.get(), sizeof v4);
  ::inet_ntop(AF_INET, &v4.sin_addr, ip, sizeof ip);
  return std::string(ip) + ":" + std::to_string(ntohs(v4.sin_port));
}

/// Where each start went, by address.
struct Asked final : Trace {
  std::vector<std::uint32_t> endpoints;
  void started(int, const Outcome& so_far) override { endpoints.push_back(so_far.endpoint); }
  void finished(int, const Outcome& outcome) override { ended.push_back(outcome); }
  std::vector<Outcome> ended;
};

}  // namespace

TEST_CASE("each query goes where the balancer sends it, over connections of that endpoint alone") {
  Balancer balancer;
  balancer.update(pods({"10.0.0.1:80", "10.0.0.2:81", "10.0.0.3:82"}), by_query);
  VirtualRun run;
  run.plan.balancer = &balancer;
  run.open_loop(ms, 30);
  VirtualEngine engine(run);
  std::vector<std::pair<std::uint32_t, std::string>> went;
  engine.reply = [&](const Job& job) {
    went.emplace_back(job.query,
                      text(*engine.connections[static_cast<std::size_t>(engine.starts.back().connection)]));
    return Reply{100 * us};
  };
  run.dispatcher().run();
  REQUIRE(went.size() == 30);
  for (const auto& [query, address] : went) {
    CAPTURE(query);
    const std::string url = "http://127.0.0.1:80" + run.plan.queries[query].target;
    CHECK(balancer.pick({.url = url}).address.to_string() == address);
  }
  std::set<std::string> addresses;
  for (const Lane* const lane : engine.connections) addresses.insert(text(*lane));
  CHECK(addresses.size() == engine.connections.size());  // one connection each, kept
}

TEST_CASE("what a balancer picked holds for as long as its version does, and no longer") {
  Balancer balancer;
  balancer.update(pods({"10.0.0.1:80"}), by_query);
  VirtualRun run;
  Asked asked;
  run.options.trace = &asked;
  run.plan.balancer = &balancer;
  run.open_loop(ms, 12);
  VirtualEngine engine(run);
  engine.reply = [](const Job&) { return Reply{100 * us}; };
  run.agenda.at(3'500 * us, [&] { balancer.set_endpoints(pods({"10.0.0.2:80"})); });
  run.agenda.at(6'500 * us, [&] { balancer.set_endpoints({}); });
  run.agenda.at(9'500 * us, [&] { balancer.set_endpoints(pods({"10.0.0.1:80"})); });
  run.dispatcher().run();
  CHECK(asked.endpoints == std::vector<std::uint32_t>{0, 0, 0, 0, 1, 1, 1, 0, 0});
  CHECK(run.count(ErrorType::no_endpoint) == 3);
  CHECK(engine.connections.size() == 2);  // the first endpoint's was kept for its return
}

TEST_CASE("round robin and random picks are asked for each time") {
  Balancer balancer;
  balancer.update(pods({"10.0.0.1:80", "10.0.0.2:80"}), {.type = Policy::Type::round_robin});
  VirtualRun run;
  Asked asked;
  run.options.trace = &asked;
  run.plan.balancer = &balancer;
  run.plan.choice = QueryChoice::in_order(1);
  run.open_loop(ms, 6);
  VirtualEngine engine(run);
  engine.reply = [](const Job&) { return Reply{100 * us}; };
  run.dispatcher().run();
  CHECK(asked.endpoints == std::vector<std::uint32_t>{0, 1, 0, 1, 0, 1});
}

TEST_CASE("a balancer hashes the URL, the headers and the method that are sent") {
  Balancer balancer;
  balancer.update(pods({"10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80", "10.0.0.4:80"}),
                  {.type = Policy::Type::ring_hash, .hash_params = {{HashParam::Type::header, "x-user"}}});
  for (const char* const user : {"ann", "bob", "cem", "dan", "eve", "fay"}) {
    CAPTURE(user);
    VirtualRun run;
    run.plan.balancer = &balancer;
    run.plan.headers = {{"x-user", user}};
    run.open_loop(ms, 3);
    VirtualEngine engine(run);
    run.dispatcher().run();
    REQUIRE(engine.connections.size() == 1);
    const std::vector<Header> headers = {{"x-user", user}};
    CHECK(text(*engine.connections[0]) ==
          balancer.pick(Request{.url = "http://127.0.0.1:80/?query=red", .headers = headers})
              .address.to_string());
  }
}

TEST_CASE("without an endpoint a request is an error at once, and no engine hears of it") {
  const Balancer none;
  VirtualRun run;
  Asked asked;
  run.options.trace = &asked;
  run.plan.balancer = &none;
  run.open_loop(ms, 5);
  run.plan.recorder.by_endpoint = true;
  VirtualEngine engine(run);
  run.dispatcher().run();
  CHECK(engine.starts.empty());
  CHECK(run.count(ErrorType::no_endpoint) == 5);
  CHECK(run.dispatcher().scheduled() == 5);
  CHECK(asked.ended[4].due == 4 * ms);
  CHECK(asked.ended[4].sent == 4 * ms);
  CHECK(asked.ended[4].endpoint == no_endpoint);
}

TEST_CASE("each endpoint has connections and a queue of its own") {
  Balancer balancer;
  balancer.update(pods({"10.0.0.1:80", "10.0.0.2:80"}), {.type = Policy::Type::round_robin});
  VirtualRun run;
  Asked asked;
  run.options.trace = &asked;
  run.plan.balancer = &balancer;
  run.open_loop(ms, 8);
  VirtualEngine engine(run);
  engine.reply = [&](const Job& job) { return Reply{job.n == 0 ? 20 * ms : 100 * us}; };
  run.dispatcher().run();
  // The first endpoint is busy until 20 ms; the other's requests are not kept waiting by that.
  std::vector<std::uint64_t> until_then;
  for (const auto& start : engine.starts)
    if (start.at < 20 * ms) until_then.push_back(start.n);
  CHECK(until_then == std::vector<std::uint64_t>{0, 1, 3, 5, 7});
  CHECK(engine.starts.size() == 8);
  CHECK(engine.connections.size() == 2);
}

TEST_CASE("connections are opened before the run where the plan says so, and those that fail stay cold") {
  VirtualRun run;
  run.open_loop(ms, 3);
  run.plan.transport.connections = 3;
  run.plan.transport.open_first = true;
  VirtualEngine engine(run);
  engine.opens_after = 2 * ms;
  run.clock.time = -s;
  run.dispatcher().open_first();
  CHECK(engine.connections.size() == 3);
  CHECK(run.clock.time == -s + 2 * ms);
  run.clock.time = 0;
  engine.reply = [](const Job&) { return Reply{100 * us}; };
  run.dispatcher().run();
  std::vector<int> connections;
  for (const auto& start : engine.starts) connections.push_back(start.connection);
  CHECK(connections == std::vector<int>{0, 1, 2});  // in turn: the one that was free longest first
}

TEST_CASE("opening ahead gives up after the timeout, ten seconds, or a stop") {
  struct Row {
    const char* name;
    std::chrono::nanoseconds timeout;
    std::int64_t stop_at, until;
  };
  for (const Row& row : {Row{"timeout", 4s, 0, 4 * s}, Row{"a timeout too long to wait", 40s, 0, 10 * s},
                         Row{"stop", 40s, 2 * s, 2 * s}}) {
    CAPTURE(row.name);
    VirtualRun run;
    run.open_loop(ms, 3);
    run.plan.timeout = row.timeout;
    run.plan.transport.open_first = true;
    VirtualEngine engine(run);
    engine.opens_after = VirtualEngine::never;
    if (row.stop_at > 0) run.agenda.at(row.stop_at, [&] { run.stop.request(); });
    run.dispatcher().open_first();
    CHECK(run.clock.time == row.until);
  }
}

TEST_CASE("nothing is opened ahead that was not asked for, or whose endpoint is not known yet") {
  Balancer balancer;
  balancer.update(pods({"10.0.0.1:80"}), by_query);
  for (const bool balanced : {false, true}) {
    CAPTURE(balanced);
    VirtualRun run;
    run.open_loop(ms, 3);
    run.plan.transport.open_first = balanced;
    if (balanced) run.plan.balancer = &balancer;
    VirtualEngine engine(run);
    run.dispatcher().open_first();
    CHECK(engine.connections.empty());
  }
}
