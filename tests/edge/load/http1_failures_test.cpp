#include <doctest/doctest.h>

#include "tests/edge/load/virtual_http1.hpp"

using namespace junction;
using namespace junction::load;
using namespace std::chrono_literals;

using Attempt = VirtualHttp1::Attempt;
using Connection = VirtualHttp1::Connection;

TEST_CASE("an answer in pieces is one answer, and the engine asks for more until it is whole") {
  VirtualRun run;
  run.open_loop(ms, 2);
  VirtualHttp1 engine(run);
  std::vector<bool> more;
  engine.serve = [&](Connection& connection) {
    for (std::size_t i = 0; i < VirtualHttp1::ok.size(); ++i)
      engine.say(connection, VirtualHttp1::ok.substr(i, 1), 10 * us + static_cast<std::int64_t>(i));
    run.agenda.at(run.clock.time + 10 * us, [&] { more.push_back(engine.wants_more); });
  };
  run.dispatcher().run();
  CHECK(run.count(200) == 2);
  CHECK(engine.attempts == 1);
  CHECK(more == std::vector<bool>{true, true});
  CHECK_FALSE(engine.wants_more);
}

TEST_CASE("how a stream ends decides what its answer was") {
  struct Row {
    const char* name;
    std::string answer;
    bool in_order;
    std::uint16_t status;
    ErrorType error;
  };
  const std::string until_closed = "HTTP/1.1 404 Not Found\r\n\r\nuntil the end";
  const std::string cut = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx";
  const Row rows[] = {
      {"until closed, closed", until_closed, true, 404, ErrorType::none},
      {"until closed, reset", until_closed, false, 0, ErrorType::reset},
      {"cut short, closed", cut, true, 0, ErrorType::reset},
      {"cut short, reset", cut, false, 0, ErrorType::reset},
      {"nothing, closed", "", true, 0, ErrorType::reset},
      {"nothing, reset", "", false, 0, ErrorType::reset},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    VirtualRun run;
    run.open_loop(ms, 2);
    VirtualHttp1 engine(run);
    engine.serve = [&](Connection& connection) {
      if (!row.answer.empty()) engine.say(connection, row.answer, 100 * us);
      engine.end(connection, 200 * us, row.in_order);
    };
    run.dispatcher().run();
    CHECK(run.tally().outcomes.count(OutcomeKey(row.status, row.error)) == 2);
    CHECK(engine.attempts == 2);
    CHECK(run.dispatcher().last_done() == ms + 210 * us);
  }
}

TEST_CASE("what is no HTTP ends the request and the connection at once") {
  VirtualRun run;
  run.open_loop(ms, 3);
  VirtualHttp1 engine(run);
  engine.serve = [&](Connection& connection) { engine.say(connection, "220 mail.example ESMTP\r\n"); };
  run.dispatcher().run();
  CHECK(run.count(ErrorType::protocol) == 3);
  CHECK(engine.attempts == 3);
  CHECK(engine.closed.size() == 3);
  CHECK_FALSE(engine.closed[0].reset);
  CHECK(engine.closed[0].at == 110 * us);
  CHECK_FALSE(engine.wants_more);
}

TEST_CASE("an answer to HEAD has no body") {
  VirtualRun run;
  run.plan.method = "HEAD";
  run.open_loop(ms, 2);
  VirtualHttp1 engine(run);
  engine.serve = [&](Connection& connection) {
    engine.say(connection, "HTTP/1.1 200 OK\r\nContent-Length: 700\r\n\r\n");
  };
  run.dispatcher().run();
  CHECK(run.count(200) == 2);
  CHECK(engine.attempts == 1);
}

TEST_CASE("a connection that cannot be made is the request's error, found at once or later") {
  for (const ErrorType error : {ErrorType::connect, ErrorType::tls, ErrorType::too_many_open}) {
    for (const bool at_once : {true, false}) {
      CAPTURE(static_cast<int>(error));
      CAPTURE(at_once);
      VirtualRun run;
      run.plan.schedule = {.kind = Schedule::Kind::period, .period = 1s, .burst = 4, .duration = 0ms};
      run.plan.transport.connections = 2;
      VirtualHttp1 engine(run);
      engine.attempt = [&](int nth) { return nth < 2 ? Attempt{10 * us, error, at_once} : Attempt{}; };
      run.dispatcher().run();
      CHECK(run.tally().outcomes.count(OutcomeKey(error)) == 2);
      CHECK(run.count(200) == 2);
      CHECK(engine.attempts == 4);
      CHECK(engine.connections.size() == 2);
      CHECK(engine.closed.size() == 2);  // also of those, what was begun
    }
  }
}

TEST_CASE("a request given up says whether it was waiting for a connection or for an answer") {
  struct Row {
    const char* name;
    std::int64_t connects_after;
    ErrorType error;
  };
  for (const Row& row : {Row{"no connection", VirtualHttp1::never, ErrorType::connect},
                         Row{"no answer", 10 * us, ErrorType::timeout}}) {
    CAPTURE(row.name);
    VirtualRun run;
    run.open_loop(640 * ms, 2);
    run.plan.timeout = 320ms;
    VirtualHttp1 engine(run);
    engine.attempt = [&](int nth) { return Attempt{nth == 0 ? row.connects_after : 10 * us}; };
    engine.serve = [&](Connection& connection) {
      if (engine.attempts == 1) return engine.say(connection, VirtualHttp1::ok, 400 * ms);  // too late
      engine.say(connection, VirtualHttp1::ok);
    };
    run.dispatcher().run();
    CHECK(run.tally().outcomes.count(OutcomeKey(row.error)) == 1);
    CHECK(run.count(200) == 1);
    CHECK(engine.attempts == 2);  // the connection went with its request
    REQUIRE(engine.closed.size() == 1);
    CHECK_FALSE(engine.closed[0].reset);
    CHECK(engine.closed[0].at >= 320 * ms);
    CHECK(engine.closed[0].at <= 325 * ms);
  }
}

TEST_CASE("a timeout on a connection that had answered before is a timeout still") {
  VirtualRun run;
  run.open_loop(640 * ms, 2);
  run.plan.timeout = 320ms;
  VirtualHttp1 engine(run);
  engine.serve = [&](Connection& connection) {
    if (connection.requests == 1) engine.say(connection, VirtualHttp1::ok);
  };
  run.dispatcher().run();
  CHECK(run.count(200) == 1);
  CHECK(run.count(ErrorType::timeout) == 1);
  CHECK(run.tally().retried == 0);
}

TEST_CASE("connections opened ahead carry their first request at once") {
  VirtualRun run;
  run.open_loop(ms, 2);
  run.plan.transport.connections = 2;
  run.plan.transport.open_first = true;
  VirtualHttp1 engine(run);
  run.clock.time = -s;
  run.dispatcher().open_first();
  CHECK(engine.opening() == 0);
  CHECK(engine.attempts == 2);
  run.clock.time = 0;
  run.dispatcher().run();
  REQUIRE(engine.sent.size() == 2);
  CHECK(engine.sent[0].at == 0);
  CHECK(engine.sent[0].connection == 0);
  CHECK(engine.sent[1].connection == 1);
  CHECK(engine.attempts == 2);
}

TEST_CASE("a connection opened ahead that fails is tried again by the request that needs it") {
  for (const bool at_once : {true, false}) {
    CAPTURE(at_once);
    VirtualRun run;
    run.open_loop(ms, 2);
    run.plan.transport.open_first = true;
    VirtualHttp1 engine(run);
    engine.attempt = [&](int nth) {
      return nth == 0 ? Attempt{10 * us, ErrorType::connect, at_once} : Attempt{};
    };
    run.dispatcher().open_first();
    CHECK(engine.opening() == 0);
    CHECK(run.tally().sent() == 0);
    run.dispatcher().run();
    CHECK(run.count(200) == 2);
    CHECK(engine.attempts == 2);
  }
}

TEST_CASE(
    "a request that comes while its connection is still being opened ahead waits for it, and shares its "
    "fate") {
  for (const ErrorType error : {ErrorType::none, ErrorType::tls}) {
    CAPTURE(static_cast<int>(error));
    VirtualRun run;
    run.open_loop(ms, 1);
    run.plan.transport.open_first = true;
    VirtualHttp1 engine(run);
    engine.attempt = [&](int) { return Attempt{10'500 * ms, error}; };
    run.dispatcher().open_first();
    CHECK(engine.opening() == 1);
    CHECK(run.clock.time == 10 * s);
    run.dispatcher().run();
    CHECK(engine.attempts == 1);
    CHECK(run.count(200) == (error == ErrorType::none ? 1 : 0));
    CHECK(run.count(ErrorType::tls) == (error == ErrorType::none ? 0 : 1));
  }
}
