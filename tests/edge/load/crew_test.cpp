#include "edge/load/crew.hpp"

#include <doctest/doctest.h>

#include "edge/load/http1_epoll.hpp"
#include "tests/edge/load/test_server.hpp"

using namespace junction;
using namespace junction::load;
using namespace std::chrono_literals;

namespace {

std::atomic<int> made{0};

std::unique_ptr<Engine> none_for_the_second(Dispatcher& dispatcher) {
  return ++made == 2 ? nullptr : make_http1_epoll(dispatcher);
}

std::unique_ptr<Engine> none_for_anybody(Dispatcher&) {
  return nullptr;
}

Result<RunResult> run_with(const EngineKind& kind, const TestServer& server) {
  made = 0;
  Plan plan;
  plan.url = {"http", "127.0.0.1", server.port(), "/"};
  plan.queries = {{"red", "/?query=red"}};
  plan.schedule = {.kind = Schedule::Kind::period, .period = 1ms, .duration = 29ms};
  plan.transport.threads = 3;
  plan.transport.connections = 3;
  plan.transport.open_first = true;
  const Requests requests(plan);
  const Destination destination{.address = to_address(*SocketAddress::parse("127.0.0.1", server.port()))};
  Stop stop;
  EndpointNames endpoints;
  MonotonicClock clock;
  const RunOptions options;
  const Work work{plan, options, requests, destination, stop, endpoints, clock};
  Crew crew(work, kind, clock);
  crew.wait();
  return crew.result();
}

}  // namespace

TEST_CASE(
    "a thread that the kernel gives no engine of the first kind takes the other one, and the result says "
    "so") {
  TestServer server([](int fd, auto&, auto&) { return TestServer::ok(fd); });
  const auto result = run_with({"io_uring", none_for_the_second, make_http1_epoll}, server);
  REQUIRE(result.ok());
  CHECK(result->engine == "io_uring and epoll");
  CHECK(result->tally.responses() == 30);
  CHECK(result->scheduled == 30);

  const auto all = run_with({"io_uring", make_http1_epoll, none_for_anybody}, server);
  REQUIRE(all.ok());
  CHECK(all->engine == "io_uring");
}

TEST_CASE("a thread without any engine ends the run before it begins, with a remedy") {
  TestServer server([](int fd, auto&, auto&) { return TestServer::ok(fd); });
  for (const EngineKind& kind :
       {EngineKind{"io_uring", none_for_the_second}, EngineKind{"epoll", none_for_anybody},
        EngineKind{"io_uring", none_for_the_second, none_for_anybody}}) {
    const auto result = run_with(kind, server);
    REQUIRE_FALSE(result.ok());
    CHECK(result.error().kind == ErrorKind::unsupported);
    CHECK(result.error().message.find("3 threads") != std::string::npos);
    CHECK(result.error().message.find(kind.name) != std::string::npos);
    CHECK(result.error().message.find("--threads") != std::string::npos);
  }
  CHECK(server.connections() == 0);  // that carried a request
}
