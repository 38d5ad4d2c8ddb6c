#include "junction/load/run.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "edge/load/http1_uring.hpp"
#include "tests/edge/load/test_server.hpp"

using junction::ErrorType;
using junction::OutcomeKey;
using junction::Schedule;
using junction::load::EngineChoice;
using junction::load::Plan;
using junction::load::RunResult;
using junction::load::TestServer;
using namespace std::chrono_literals;

namespace {

Plan plan_for(const TestServer& server, EngineChoice engine = EngineChoice::epoll) {
  Plan plan;
  plan.url = {"http", "127.0.0.1", server.port(), "/"};
  for (const char* const name : {"red", "white", "rose"})
    plan.queries.push_back({name, std::string("/?query=") + name});
  plan.choice = junction::QueryChoice::in_order(3);
  plan.schedule = {.kind = Schedule::Kind::rate, .rate = 2'000, .duration = 50ms};
  plan.timeout = 5s;
  plan.recorder.by_query = true;
  plan.transport.engine = engine;
  plan.transport.connections = 4;
  return plan;
}

RunResult run_ok(const Plan& plan, const junction::load::RunOptions& options = {}) {
  auto result = run(plan, options);
  REQUIRE(result.ok());
  CHECK(result->tally.sent() == result->tally.responses() + result->tally.errors());
  return *std::move(result);
}

std::uint64_t count(const RunResult& result, std::uint16_t status) {
  return result.tally.outcomes.count(OutcomeKey(status, ErrorType::none));
}
std::uint64_t count(const RunResult& result, ErrorType error) {
  return result.tally.outcomes.count(OutcomeKey(error));
}

std::vector<EngineChoice> engines() {
  std::vector<EngineChoice> all = {EngineChoice::epoll};
  if (junction::load::uring_works())
    all.push_back(EngineChoice::io_uring);
  else
    MESSAGE("this kernel has no io_uring to test");
  return all;
}

}  // namespace

TEST_CASE(
    "every request of the schedule is sent once and counted once, by every engine and number of threads") {
  TestServer server([](int fd, const std::string&, const std::string&) { return TestServer::ok(fd); });
  for (const EngineChoice engine : engines()) {
    for (const int threads : {1, 3}) {
      CAPTURE(static_cast<int>(engine));
      CAPTURE(threads);
      Plan plan = plan_for(server, engine);
      plan.transport.threads = threads;
      const RunResult result = run_ok(plan);
      CHECK(count(result, 200) == 100);
      CHECK(result.scheduled == 100);
      CHECK(result.tally.by_query.at(0).outcomes.total() == 34);
      CHECK(result.tally.by_query.at(2).outcomes.total() == 33);
      CHECK(result.engine == (engine == EngineChoice::epoll ? "epoll" : "io_uring"));
    }
  }
}

TEST_CASE("a run that starts later waits, and then keeps its schedule") {
  TestServer server([](int fd, const std::string&, const std::string&) { return TestServer::ok(fd); });
  for (const EngineChoice engine : engines()) {
    for (const bool open_first : {false, true}) {
      CAPTURE(static_cast<int>(engine));
      CAPTURE(open_first);
      Plan plan = plan_for(server, engine);
      plan.transport.open_first = open_first;
      plan.start_at = std::chrono::system_clock::now() + 100ms;
      const RunResult result = run_ok(plan);
      CHECK(count(result, 200) == 100);
      CHECK(std::chrono::nanoseconds(result.started) == plan.start_at->time_since_epoch());
      CHECK(result.elapsed < std::chrono::nanoseconds(2s).count());
    }
  }
}

TEST_CASE("a closed loop runs for its time, over no more connections than it may") {
  TestServer server([](int fd, const std::string&, const std::string&) { return TestServer::ok(fd); });
  for (const EngineChoice engine : engines()) {
    const int before = server.connections();
    Plan plan = plan_for(server, engine);
    plan.schedule = {.kind = Schedule::Kind::closed, .duration = 50ms};
    const RunResult result = run_ok(plan);
    CHECK(result.tally.errors() == 0);
    CHECK(result.tally.sent() > 20);
    CHECK(server.connections() - before <= 4);
  }
}

TEST_CASE("a server that misbehaves shows as the right kind of error, and the sums hold") {
  struct Row {
    const char* name;
    ErrorType error;
    TestServer::Handler answer;
  };
  const std::vector<Row> rows = {
      {"closes without an answer", ErrorType::reset, [](int, auto&, auto&) { return false; }},
      {"closes in the head", ErrorType::reset,
       [](int fd, auto&, auto&) { return TestServer::send(fd, "HTTP/1.1 200 O"), false; }},
      {"closes in the body", ErrorType::reset,
       [](int fd, auto&, auto&) {
         return TestServer::send(fd, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"), false;
       }},
      {"resets", ErrorType::reset,
       [](int fd, auto&, auto&) {
         return TestServer::send(fd, "HTTP/1.1 200 OK\r\n\r\n"), TestServer::reset(fd), false;
       }},
      {"speaks no HTTP", ErrorType::protocol,
       [](int fd, auto&, auto&) { return TestServer::send(fd, "220 mail ready\r\n"); }},
      {"folds the status line", ErrorType::protocol,
       [](int fd, auto&, auto&) { return TestServer::send(fd, "HTTP/1.1 200 OK\r\n b\r\n\r\n"); }},
  };
  for (const Row& row : rows) {
    TestServer server(row.answer);
    for (const EngineChoice engine : engines()) {
      CAPTURE(row.name);
      CAPTURE(static_cast<int>(engine));
      const RunResult result = run_ok(plan_for(server, engine));
      CHECK(count(result, row.error) == 100);
    }
  }
}

TEST_CASE("answers of every framing are answers") {
  const std::vector<std::pair<const char*, std::string>> rows = {
      {"chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"},
      {"interim first", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
      {"large", "HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + std::string(300'000, 'x')},
  };
  for (const auto& [name, answer] : rows) {
    TestServer server([&answer = answer](int fd, auto&, auto&) { return TestServer::send(fd, answer); });
    for (const EngineChoice engine : engines()) {
      CAPTURE(name);
      const RunResult result = run_ok(plan_for(server, engine));
      CHECK(count(result, 200) == 100);
    }
  }
  TestServer closing([](int fd, auto&, auto&) {
    return TestServer::send(fd, "HTTP/1.1 404 Not Found\r\n\r\nuntil the end"), false;
  });
  for (const EngineChoice engine : engines()) CHECK(count(run_ok(plan_for(closing, engine)), 404) == 100);
}

TEST_CASE("a connection that the server closed while it was idle costs no request") {
  TestServer server(
      [](int fd, auto&, auto&) { return TestServer::ok(fd), false; });  // says nothing of it beforehand
  for (const EngineChoice engine : engines()) {
    Plan plan = plan_for(server, engine);
    plan.schedule = {.kind = Schedule::Kind::closed, .duration = 50ms};
    const RunResult result = run_ok(plan);
    CHECK(result.tally.errors() == 0);
    CHECK(result.tally.sent() > 10);
  }
}

TEST_CASE("without keep-alive every request has its own connection") {
  TestServer server([](int fd, auto&, auto&) {
    return TestServer::send(fd, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"), false;
  });
  Plan plan = plan_for(server);
  plan.transport.keep_alive = false;
  CHECK(count(run_ok(plan), 200) == 100);
  CHECK(server.connections() == 100);
}

TEST_CASE("a request without an answer is given up after the timeout, and its connection with it") {
  std::atomic<int> asked{0};
  TestServer server([&](int fd, auto&, auto&) { return ++asked % 2 == 0 ? TestServer::ok(fd) : true; });
  for (const EngineChoice engine : engines()) {
    Plan plan = plan_for(server, engine);
    plan.timeout = 100ms;
    plan.transport.connections = 100;
    const RunResult result = run_ok(plan);
    CHECK(count(result, ErrorType::timeout) + count(result, 200) == 100);
    CHECK(count(result, ErrorType::timeout) >= 40);
    CHECK(result.elapsed < std::chrono::nanoseconds(2s).count());
  }
}

TEST_CASE("requests that no connection was free for are measured from when they were due") {
  std::atomic<int> asked{0};
  TestServer server([&](int fd, auto&, auto&) {
    if (++asked % 50 == 10) std::this_thread::sleep_for(200ms);
    return TestServer::ok(fd);
  });
  for (const EngineChoice engine : engines()) {
    asked = 0;
    Plan plan = plan_for(server, engine);
    plan.schedule = {
        .kind = Schedule::Kind::rate, .rate = 200, .duration = 250ms};  // 50 requests, 5 ms apart
    plan.transport.connections = 1;
    const RunResult result = run_ok(plan);
    CHECK(count(result, 200) == 50);
    // The tenth stalls 200 ms; the 39 or so behind it were due meanwhile, and waited from then on.
    const junction::Histogram response = result.tally.response();
    CHECK(response.max() >= 199'000'000);
    CHECK(response.value_at_percentile(50) > 40'000'000);
    CHECK(result.tally.service.value_at_percentile(90) < 100'000'000);
  }
}

TEST_CASE("a stop ends the run at once when nothing is under way, and accounts for all that was sent") {
  TestServer server([](int fd, auto&, auto&) { return TestServer::ok(fd); });
  for (const EngineChoice engine : engines()) {
    Plan plan = plan_for(server, engine);
    plan.schedule = {.kind = Schedule::Kind::period, .period = 20s, .burst = 3};
    junction::Stop stop;
    std::thread later([&] {
      std::this_thread::sleep_for(100ms);
      stop.request();
    });
    const auto begin = std::chrono::steady_clock::now();
    const RunResult result = run_ok(plan, {.stop = &stop});
    later.join();
    CHECK(result.stopped);
    CHECK(count(result, 200) == 3);
    CHECK(std::chrono::steady_clock::now() - begin < 5s);
  }
}

TEST_CASE("a server that is down, a host that is none: said before anything is sent") {
  std::uint16_t port = 0;
  {
    TestServer gone([](int, auto&, auto&) { return false; });
    port = gone.port();
  }
  Plan plan;
  plan.url = {"http", "127.0.0.1", port, "/"};
  plan.queries = {{"red", "/"}};
  auto result = run(plan);
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().kind == junction::ErrorKind::network);
  CHECK(result.error().message.find(std::to_string(port)) != std::string::npos);

  plan.url.host = "no-such-host.invalid";
  result = run(plan);
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().message.find("no-such-host.invalid") != std::string::npos);
}

TEST_CASE("with a balancer each query goes to the endpoint that it picks, and to no other") {
  std::mutex mutex;
  std::map<std::string, std::map<std::string, int>> seen;  // by target, by address
  TestServer server(
      [&](int fd, const std::string& target, const std::string& address) {
        {
          const std::lock_guard lock(mutex);
          ++seen[target][address];
        }
        return TestServer::ok(fd);
      },
      true);
  std::vector<junction::Endpoint> endpoints;
  for (const char* const ip : {"127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5"})
    endpoints.push_back({.address = *junction::SocketAddress::parse(ip, server.port())});
  junction::Balancer balancer;
  balancer.update(endpoints, {.type = junction::Policy::Type::ring_hash,
                              .hash_params = {{junction::HashParam::Type::query_param, "query"}}});
  for (const EngineChoice engine : engines()) {
    seen.clear();
    Plan plan = plan_for(server, engine);
    plan.balancer = &balancer;
    plan.recorder.by_endpoint = true;
    const RunResult result = run_ok(plan);
    CHECK(count(result, 200) == 100);
    std::uint64_t by_endpoint = 0;
    for (const junction::Group& group : result.tally.by_endpoint) by_endpoint += group.outcomes.total();
    CHECK(by_endpoint == 100);
    CHECK(seen.size() == 3);
    for (const auto& [target, addresses] : seen) {
      CAPTURE(target);
      REQUIRE(addresses.size() == 1);
      const std::string url = "http://127.0.0.1:" + std::to_string(server.port()) + target;
      CHECK(balancer.pick({.url = url}).address.ip_string() == addresses.begin()->first);
    }
  }
}

TEST_CASE("a balancer without endpoints is an error for each request, not a hang") {
  TestServer server([](int fd, auto&, auto&) { return TestServer::ok(fd); });
  const junction::Balancer empty;
  Plan plan = plan_for(server);
  plan.balancer = &empty;
  CHECK(count(run_ok(plan), ErrorType::no_endpoint) == 100);
}

TEST_CASE("an endpoint that refuses connections does not keep the others from being asked") {
  TestServer server([](int fd, auto&, auto&) { return TestServer::ok(fd); });  // on 127.0.0.1 alone
  junction::Balancer balancer;
  balancer.update({{.address = *junction::SocketAddress::parse("127.0.0.1", server.port())},
                   {.address = *junction::SocketAddress::parse("127.0.0.9", server.port())}},
                  {.type = junction::Policy::Type::round_robin});
  for (const EngineChoice engine : engines()) {
    Plan plan = plan_for(server, engine);
    plan.balancer = &balancer;
    const RunResult result = run_ok(plan);
    CHECK(count(result, 200) == 50);
    CHECK(count(result, ErrorType::connect) == 50);
  }
}
