#include "edge/load/http1_engine.hpp"

#include <doctest/doctest.h>

#include "tests/edge/load/virtual_http1.hpp"

using namespace junction;
using namespace junction::load;
using namespace std::chrono_literals;

using Attempt = VirtualHttp1::Attempt;
using Connection = VirtualHttp1::Connection;

TEST_CASE(
    "a request is written when the connection stands, and an answered connection carries the next one") {
  VirtualRun run;
  run.open_loop(ms, 3);
  VirtualHttp1 engine(run);
  run.dispatcher().run();
  CHECK(run.count(200) == 3);
  CHECK(engine.attempts == 1);
  CHECK(engine.closed.empty());
  REQUIRE(engine.sent.size() == 3);
  CHECK(engine.sent[0].at == 10 * us);
  CHECK(engine.sent[1].at == ms);
  CHECK(engine.sent[1].text.starts_with("GET /?query=white HTTP/1.1\r\n"));
  CHECK(run.tally().retried == 0);
}

TEST_CASE(
    "what a server closed while it was idle costs an idempotent request a second try, and others the "
    "request") {
  struct Row {
    const char* method;
    bool again;
  };
  const Row rows[] = {{"GET", true},     {"HEAD", true},  {"PUT", true},   {"DELETE", true},
                      {"OPTIONS", true}, {"TRACE", true}, {"POST", false}, {"PATCH", false},
                      {"LOCK", false},   {"get", false},  {"GETS", false}, {"CONNECT", false}};
  for (const Row& row : rows) {
    for (const bool in_order : {true, false}) {
      CAPTURE(row.method);
      CAPTURE(in_order);
      VirtualRun run;
      run.plan.method = row.method;
      run.open_loop(ms, 2);
      VirtualHttp1 engine(run);
      engine.serve = [&](Connection& connection) {
        if (connection.requests == 1)
          return engine.say(connection, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        engine.end(connection, 100 * us, in_order);
      };
      run.dispatcher().run();
      CHECK(run.count(200) == (row.again ? 2 : 1));
      CHECK(run.count(ErrorType::reset) == (row.again ? 0 : 1));
      CHECK(run.tally().retried == (row.again ? 1 : 0));
      CHECK(run.tally().sent() == 2);
      CHECK(engine.sent.size() == (row.again ? 3 : 2));
      CHECK(engine.sent.back().text == engine.sent[1].text);
      CHECK(engine.attempts == (row.again ? 2 : 1));
    }
  }
}

TEST_CASE("a request is sent at most once more, however often its connections close") {
  VirtualRun run;
  run.open_loop(ms, 3);
  VirtualHttp1 engine(run);
  int seen = 0;
  engine.serve = [&](Connection& connection) {
    ++seen;
    if (seen == 2 || seen == 3) return engine.end(connection);
    engine.say(connection, VirtualHttp1::ok);
  };
  run.dispatcher().run();
  CHECK(engine.sent.size() == 4);  // the second request twice
  CHECK(run.count(200) == 2);
  CHECK(run.count(ErrorType::reset) == 1);
  CHECK(run.tally().retried == 1);
}

TEST_CASE("each request has its own second try") {
  VirtualRun run;
  run.open_loop(ms, 4);
  VirtualHttp1 engine(run);
  engine.serve = [&](Connection& connection) {
    if (connection.requests == 1) return engine.say(connection, VirtualHttp1::ok);
    engine.end(connection);
  };
  run.dispatcher().run();
  CHECK(run.count(200) == 4);
  CHECK(run.tally().retried == 3);
  CHECK(engine.sent.size() == 7);
}

TEST_CASE("a connection that never answered anything is no idle one: closing is an answer of its own") {
  VirtualRun run;
  run.open_loop(ms, 3);
  VirtualHttp1 engine(run);
  engine.serve = [&](Connection& connection) { engine.end(connection); };
  run.dispatcher().run();
  CHECK(run.count(ErrorType::reset) == 3);
  CHECK(run.tally().retried == 0);
  CHECK(engine.sent.size() == 3);

  // Nor is the next one that takes its place.
  VirtualRun later;
  later.open_loop(ms, 3);
  VirtualHttp1 other(later);
  other.serve = [&](Connection& connection) {
    if (other.sent.size() > 1) return other.end(connection);
    other.say(connection, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  };
  later.dispatcher().run();
  CHECK(later.count(ErrorType::reset) == 2);
  CHECK(later.tally().retried == 0);
}

TEST_CASE("a byte of an answer ends the second try: the server has seen the request") {
  for (const std::string_view begin : {"H", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 100 Continue\r\n\r\n"}) {
    CAPTURE(begin);
    VirtualRun run;
    run.open_loop(ms, 2);
    VirtualHttp1 engine(run);
    engine.serve = [&](Connection& connection) {
      if (connection.requests == 1) return engine.say(connection, VirtualHttp1::ok);
      engine.say(connection, begin, 100 * us);
      engine.end(connection, 200 * us);
    };
    run.dispatcher().run();
    CHECK(run.count(ErrorType::reset) == 1);
    CHECK(run.tally().retried == 0);
    CHECK(engine.sent.size() == 2);
  }
}

TEST_CASE("a second try that cannot connect says why") {
  for (const bool at_once : {true, false}) {
    CAPTURE(at_once);
    VirtualRun run;
    run.open_loop(ms, 3);
    VirtualHttp1 engine(run);
    engine.attempt = [&](int nth) {
      return nth == 1 ? Attempt{10 * us, ErrorType::too_many_open, at_once} : Attempt{};
    };
    engine.serve = [&](Connection& connection) {
      if (connection.requests == 1) return engine.say(connection, VirtualHttp1::ok);
      engine.end(connection);
    };
    run.dispatcher().run();
    CHECK(run.count(200) == 2);
    CHECK(run.count(ErrorType::too_many_open) == 1);
    CHECK(run.tally().retried == 1);
  }
}

TEST_CASE("a connection that closes, or speaks, while nobody asked is replaced, and costs no request") {
  for (const std::string_view noise : {"", "HTTP/1.1 408 Request Timeout\r\n\r\n", "x"}) {
    CAPTURE(noise);
    VirtualRun run;
    run.plan.method = "POST";
    run.open_loop(ms, 3);
    VirtualHttp1 engine(run);
    engine.serve = [&](Connection& connection) {
      engine.say(connection, VirtualHttp1::ok);
      if (noise.empty()) return engine.end(connection, 500 * us);
      engine.say(connection, noise, 500 * us);
      engine.end(connection, 600 * us);
    };
    run.dispatcher().run();
    CHECK(run.count(200) == 3);
    CHECK(engine.attempts == 3);
    CHECK(run.tally().retried == 0);
    REQUIRE(engine.closed.size() == 2);
    CHECK(engine.closed[0].at == 510 * us);
    CHECK_FALSE(engine.closed[0].reset);
    CHECK_FALSE(engine.wants_more);
  }
}

TEST_CASE("a connection is kept only where both sides mean to, and nothing is left over") {
  struct Row {
    const char* name;
    std::string answer;
    bool kept;
    std::string connection_header;
  };
  const Row rows[] = {
      {"length", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", true, {}},
      {"the server closes", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", false, {}},
      {"HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", false, {}},
      {"more than was asked", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok!", false, {}},
      {"two answers", "HTTP/1.1 204 No\r\n\r\nHTTP/1.1 204 No\r\n\r\n", false, {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    VirtualRun run;
    run.open_loop(ms, 2);
    VirtualHttp1 engine(run);
    engine.serve = [&](Connection& connection) { engine.say(connection, row.answer); };
    run.dispatcher().run();
    CHECK(run.tally().responses() == 2);
    CHECK(engine.attempts == (row.kept ? 1 : 2));
    CHECK(engine.closed.size() == (row.kept ? 0 : 2));
    for (const auto& closed : engine.closed) CHECK(closed.reset);  // the answer is whole: nothing to wait for
  }
}

TEST_CASE("without keep-alive every answer ends its connection") {
  VirtualRun run;
  run.plan.transport.keep_alive = false;
  run.open_loop(ms, 3);
  VirtualHttp1 engine(run);
  run.dispatcher().run();
  CHECK(run.count(200) == 3);
  CHECK(engine.attempts == 3);
  CHECK(engine.closed.size() == 3);
  CHECK(engine.sent[0].text.find("Connection: close\r\n") != std::string::npos);
}

TEST_CASE(
    "a connection whose server hung up after the answer, or answered before it had read all, is not kept") {
  for (const bool hangs_up : {true, false}) {
    CAPTURE(hangs_up);
    VirtualRun run;
    run.open_loop(ms, 2);
    VirtualHttp1 engine(run);
    if (!hangs_up) engine.takes = 5;
    engine.serve = [&](Connection& connection) {
      engine.say(connection, VirtualHttp1::ok, 100 * us, hangs_up);
    };
    run.dispatcher().run();
    CHECK(run.count(200) == 2);
    CHECK(engine.attempts == 2);
  }
}
