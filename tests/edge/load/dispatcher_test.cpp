#include "edge/load/dispatcher.hpp"

#include <doctest/doctest.h>

#include "tests/edge/load/virtual_engine.hpp"

using namespace junction;
using namespace junction::load;
using namespace std::chrono_literals;

using Reply = VirtualEngine::Reply;
using End = VirtualEngine::End;
using Wait = VirtualEngine::Wait;
using Times = std::vector<std::int64_t>;
using Numbers = std::vector<std::uint64_t>;
constexpr std::int64_t never = VirtualEngine::never;

TEST_CASE("a request starts when it is due, and what was measured says so") {
  VirtualRun run;
  run.open_loop(10 * ms, 4);
  VirtualEngine engine(run);
  run.dispatcher().run();
  CHECK(engine.times() == Times{0, 10 * ms, 20 * ms, 30 * ms});
  CHECK(engine.numbers() == Numbers{0, 1, 2, 3});
  CHECK(engine.connections.size() == 1);  // the one there is, kept
  CHECK(run.count(200) == 4);
  CHECK(run.tally().lateness.max() == 0);
  CHECK(run.tally().service.max() == run.tally().service.min());
  CHECK(run.dispatcher().scheduled() == 4);
  CHECK(run.dispatcher().last_due() == 30 * ms);
  CHECK(run.dispatcher().last_sent() == 30 * ms);
  CHECK(run.dispatcher().last_done() == 31 * ms);
  CHECK(run.clock.time == 31 * ms);  // and not a moment longer
}

TEST_CASE("nothing wakes the thread but what is due: the next request, a reply, the next look at timeouts") {
  VirtualRun run;
  run.open_loop(10 * ms, 2);
  run.plan.timeout = 640ms;  // looked at every 5 ms
  VirtualEngine engine(run);
  run.dispatcher().run();
  CHECK(engine.waits == std::vector<Wait>{{0, 5 * ms}, {ms, 10 * ms}, {10 * ms, 10 * ms + 5 * ms}});
}

TEST_CASE("a run whose start is still to come waits for it") {
  VirtualRun run;
  run.open_loop(10 * ms, 1);
  run.clock.time = -3 * s;
  VirtualEngine engine(run);
  run.dispatcher().run();
  CHECK(engine.times() == Times{0});
  CHECK(engine.waits.front() == Wait{-3 * s, 0});
}

TEST_CASE(
    "all that fell due while the thread was away starts at once, up to 512 between two looks at the "
    "network") {
  VirtualRun run;
  run.open_loop(us, 1'000'000);
  run.plan.transport.connections = 5'000;
  run.plan.timeout = 10s;
  VirtualEngine engine(run);
  engine.reply = [](const Job&) { return Reply{never}; };
  run.clock.time = 1'500 * us - us;
  run.agenda.at(1'500 * us - us, [&] {});
  std::size_t before = 0;
  run.agenda.at(1'500 * us, [&] {
    before = engine.starts.size();
    run.stop.request();
    run.clock.time += 20 * s;
  });
  run.dispatcher().run();
  CHECK(before == 1'500);
  const auto in_turn = [&](int turn) {
    return std::count_if(engine.starts.begin(), engine.starts.end(),
                         [&](const auto& start) { return start.turn == turn; });
  };
  CHECK(in_turn(0) == 512);
  CHECK(in_turn(1) == 512);
  CHECK(in_turn(2) == 1'500 - 2 * 512);
}

TEST_CASE("what falls due while others are started is started with them") {
  VirtualRun run;
  run.open_loop(100, 8);
  run.plan.transport.connections = 8;
  run.clock.tick = 60;  // ns that each look at the clock takes: three looks a start
  VirtualEngine engine(run);
  run.dispatcher().run();
  CHECK(engine.starts.back().turn == 0);
}

TEST_CASE("the timeout counts from when a request was due") {
  VirtualRun run;
  run.open_loop(100 * ms, 3);
  run.plan.timeout = 640ms;
  VirtualEngine engine(run);
  engine.reply = [](const Job&) { return Reply{never}; };
  run.dispatcher().run();
  // One connection: each waits until the one before it is given up, and has 100 ms of its own left.
  CHECK(engine.times() == Times{0, 640 * ms, 740 * ms});
  CHECK(engine.abandoned == std::vector<End>{{0, 640 * ms}, {1, 740 * ms}, {2, 840 * ms}});
  CHECK(run.count(ErrorType::timeout) == 3);
}

TEST_CASE("a reply in time is a reply, and the moment of the timeout is too late") {
  for (const auto& [after, status] : {std::pair{639 * ms, 200}, {640 * ms - 1, 200}, {641 * ms, 0}}) {
    CAPTURE(after);
    VirtualRun run;
    run.open_loop(100 * ms, 1);
    run.plan.timeout = 640ms;
    VirtualEngine engine(run);
    engine.reply = [after = after](const Job&) { return Reply{after, {.status = 200}}; };
    run.dispatcher().run();
    CHECK(run.count(200) == (status == 200 ? 1 : 0));
    CHECK(engine.abandoned.size() == (status == 200 ? 0 : 1));
  }
}

TEST_CASE("what engines say of a request given up is what is counted") {
  VirtualRun run;
  run.open_loop(100 * ms, 1);
  VirtualEngine engine(run);
  engine.reply = [](const Job&) { return Reply{never}; };
  engine.given_up = ErrorType::connect;
  run.dispatcher().run();
  CHECK(run.count(ErrorType::connect) == 1);
}

TEST_CASE("timeouts are looked at 128 times in one, from each millisecond to each 100 ms") {
  struct Row {
    std::chrono::nanoseconds timeout;
    std::int64_t due, given_up;
  };
  const Row rows[] = {
      {1ms, 100, 2 * ms},            // each millisecond
      {100ms, 100, 101 * ms},        // no more often
      {256ms, 100, 258 * ms},        // each 2 ms
      {6'400ms, 100, 6'450 * ms},    // each 50 ms
      {12'800ms, 100, 12'900 * ms},  // each 100 ms
      {25'600ms, 100, 25'700 * ms},  // no less often
      {256ms, 2 * ms, 258 * ms},     // exactly then
  };
  for (const Row& row : rows) {
    CAPTURE(row.timeout.count());
    VirtualRun run;
    run.open_loop(row.due, 2);
    run.plan.transport.connections = 2;
    run.plan.timeout = row.timeout;
    VirtualEngine engine(run);
    engine.reply = [](const Job& job) {  // something is under way from the start on
      return job.n == 0 ? Reply{500, {.status = 200}} : Reply{never};
    };
    run.dispatcher().run();
    CHECK(engine.abandoned == std::vector<End>{{1, row.given_up}});
  }
}

TEST_CASE("requests that find no connection free wait, and start in the order in which they were due") {
  VirtualRun run;
  run.open_loop(ms, 6);
  VirtualEngine engine(run);
  engine.reply = [](const Job& job) { return Reply{job.n == 0 ? 3'500 * us : 400 * us, {.status = 200}}; };
  run.dispatcher().run();
  CHECK(engine.numbers() == Numbers{0, 1, 2, 3, 4, 5});
  CHECK(engine.times() == Times{0, 3'500 * us, 3'900 * us, 4'300 * us, 4'700 * us, 5'100 * us});
  CHECK(run.tally().lateness.max() >= 2'490 * us);  // of request 1
}

TEST_CASE("a request that waits longer than the timeout is given up unsent") {
  VirtualRun run;
  run.open_loop(50 * ms, 3);
  run.plan.timeout = 640ms;
  run.plan.recorder.by_query = true;
  VirtualEngine engine(run);
  engine.reply = [](const Job& job) { return Reply{job.n == 0 ? 700 * ms : ms, {.status = 200}}; };
  struct Seen final : Trace {
    std::vector<Outcome> ended;
    void started(int, const Outcome&) override {}
    void finished(int, const Outcome& outcome) override { ended.push_back(outcome); }
  } seen;
  run.options.trace = &seen;
  engine.given_up = ErrorType::connect;  // of the one under way
  run.dispatcher().run();
  // The first is given up at 640 ms; the others, due at 50 and 100 ms, still have their time.
  CHECK(engine.numbers() == Numbers{0, 1, 2});
  CHECK(run.count(200) == 2);
}

TEST_CASE("what expires in the queue never reaches an engine, and is counted once") {
  VirtualRun run;
  run.plan.schedule = {.kind = Schedule::Kind::period, .period = 1s, .burst = 3, .duration = 0ms};
  run.plan.timeout = 640ms;
  VirtualEngine engine(run);
  engine.reply = [](const Job&) { return Reply{never}; };
  run.dispatcher().run();
  CHECK(engine.starts.size() == 1);  // all three were due at once, and are given up at once
  CHECK(run.count(ErrorType::timeout) == 3);
  CHECK(run.dispatcher().scheduled() == 3);
  CHECK(run.tally().lateness.max() >= 639 * ms);
  CHECK(run.clock.time == 640 * ms);
}

TEST_CASE("more than 65,536 requests do not wait: the schedule does it for them, and none is lost") {
  constexpr std::uint64_t bound = 65'536;
  VirtualRun run;
  run.plan.schedule = {.kind = Schedule::Kind::period, .period = 1s, .burst = 70'000, .duration = 0ms};
  run.plan.timeout = 640ms;
  VirtualEngine engine(run);
  engine.reply = [](const Job&) { return Reply{never}; };
  std::uint64_t taken = 0;
  run.agenda.at(600 * ms, [&] { taken = run.dispatcher().scheduled(); });
  run.dispatcher().run();
  CHECK(taken == bound + 1);  // and the one under way
  CHECK(engine.waits[engine.waits.size() - 2].until <= 640 * ms);
  CHECK(run.count(ErrorType::timeout) == 70'000);
  CHECK(run.dispatcher().scheduled() == 70'000);
}

TEST_CASE("with a timer slack, requests start together when the oldest has waited that long") {
  VirtualRun run;
  run.open_loop(ms, 9);
  run.plan.timer_slack = 3ms;
  run.plan.transport.connections = 9;
  VirtualEngine engine(run);
  engine.reply = [](const Job&) { return Reply{1'500 * us, {.status = 200}}; };
  run.dispatcher().run();
  CHECK(engine.times() == Times{3 * ms, 3 * ms, 3 * ms, 3 * ms, 7 * ms, 7 * ms, 7 * ms, 7 * ms, 11 * ms});
  CHECK(engine.waits.front() == Wait{0, 3 * ms});
}

TEST_CASE("a schedule that reaches further than any clock is waited for, slack or not") {
  VirtualRun run;
  run.plan.schedule = {.kind = Schedule::Kind::rate, .rate = 1e-308};
  run.plan.timer_slack = 1ms;
  VirtualEngine engine(run);
  run.agenda.at(s, [&] { run.stop.request(); });
  run.dispatcher().run();
  CHECK(engine.times() == Times{ms});
  CHECK(engine.waits.size() < 10);
}

TEST_CASE("connections are made up to the limit, and one that is open is taken before one that is not") {
  VirtualRun run;
  run.open_loop(ms, 6);
  run.plan.transport.connections = 3;
  VirtualEngine engine(run);
  // Requests 0 and 1 overlap. Connection 0 closes after each of its two, 1 stays open: from then on it is
  // enough.
  engine.reply = [](const Job& job) {
    return Reply{job.n < 2 ? 1'500 * us : 100 * us, {.status = 200, .warm = job.n % 2 != 0 || job.n > 2}};
  };
  run.dispatcher().run();
  std::vector<int> connections;
  for (const auto& start : engine.starts) connections.push_back(start.connection);
  CHECK(connections == std::vector<int>{0, 1, 0, 1, 1, 1});
}

TEST_CASE("where all connections are in use, one more request makes no further one") {
  VirtualRun run;
  run.open_loop(ms, 4);
  run.plan.transport.connections = 2;
  VirtualEngine engine(run);
  engine.reply = [](const Job&) { return Reply{10 * ms, {.status = 200}}; };
  run.dispatcher().run();
  CHECK(engine.connections.size() == 2);
  CHECK(engine.times() == Times{0, ms, 10 * ms, 11 * ms});
}
