#include <doctest/doctest.h>

#include "tests/edge/load/virtual_engine.hpp"

using namespace junction;
using namespace junction::load;
using namespace std::chrono_literals;

using Reply = VirtualEngine::Reply;
using Wait = VirtualEngine::Wait;
using Times = std::vector<std::int64_t>;
constexpr std::int64_t never = VirtualEngine::never;

TEST_CASE("a closed loop starts a request whenever a connection is free, until its time is over") {
  VirtualRun run;
  run.closed_loop(10 * ms);
  run.plan.transport.connections = 2;
  VirtualEngine engine(run);
  engine.reply = [](const Job& job) { return Reply{job.n == 0 ? 7 * ms : 3 * ms}; };
  run.dispatcher().run();
  CHECK(engine.times() == Times{0, 0, 3 * ms, 6 * ms, 7 * ms, 9 * ms});
  CHECK(run.count(200) == 6);
  CHECK(run.dispatcher().scheduled() == 6);
  CHECK(run.dispatcher().last_due() == 9 * ms);
  CHECK(run.dispatcher().last_sent() == 9 * ms);
  CHECK(run.tally().lateness.max() == 0);  // a request of a closed loop is due when it can start
  CHECK(run.clock.time == 12 * ms);
}

TEST_CASE("the end of a closed loop is no time to start, and no time to spin") {
  VirtualRun run;
  run.closed_loop(10 * ms);
  run.plan.transport.connections = 2;
  run.plan.timeout = 640ms;
  VirtualEngine engine(run);
  engine.reply = [](const Job& job) { return Reply{job.n == 0 ? 18 * ms : 5 * ms}; };
  run.dispatcher().run();
  CHECK(engine.times() == Times{0, 0, 5 * ms});
  // One is under way past the end: it is waited for, and timeouts are looked at each 5 ms.
  CHECK(engine.waits ==
        std::vector<Wait>{{0, 5 * ms}, {5 * ms, 10 * ms}, {10 * ms, 15 * ms}, {15 * ms, 20 * ms}});
}

TEST_CASE("a closed loop without anything under way ends at its end, not later") {
  VirtualRun run;
  run.closed_loop(10 * ms);
  VirtualEngine engine(run);
  engine.reply = [](const Job&) { return Reply{ms, {.error = ErrorType::connect}}; };
  run.dispatcher().run();
  // 1 connection: from the third failure in a row on, 10 ms of pause; the end comes first.
  CHECK(engine.times() == Times{0, ms, 2 * ms});
  CHECK(run.clock.time == 10 * ms);
}

TEST_CASE("a closed loop that only fails pauses 10 ms, once more failed than twice its connections") {
  VirtualRun run;
  run.closed_loop(50 * ms);
  run.plan.transport.connections = 2;
  VirtualEngine engine(run);
  engine.reply = [](const Job& job) {
    return job.n % 2 == 0 ? Reply{ms, {.error = ErrorType::connect}}
                          : Reply{1'500 * us, {.error = ErrorType::reset}};
  };
  run.dispatcher().run();
  // Failures at 1, 1.5, 2 and 3 ms are four, which is not more; the fifth comes at 3 ms as well. From then on
  // each one pauses anew.
  CHECK(engine.times() == Times{0, 0, ms, 1'500 * us, 2 * ms, 13 * ms, 13 * ms, 24'500 * us, 24'500 * us,
                                36 * ms, 36 * ms, 47'500 * us, 47'500 * us});
  const Wait pause{3 * ms, 13 * ms};
  CHECK(std::find(engine.waits.begin(), engine.waits.end(), pause) != engine.waits.end());
}

TEST_CASE("what works ends the row of failures") {
  VirtualRun run;
  run.closed_loop(50 * ms);
  VirtualEngine engine(run);
  engine.reply = [](const Job& job) {
    return job.n % 3 == 2 ? Reply{} : Reply{ms, {.error = ErrorType::timeout}};
  };
  run.dispatcher().run();
  CHECK(engine.starts.size() == 50);
}

TEST_CASE("an open loop keeps its schedule, whatever fails") {
  VirtualRun run;
  run.open_loop(ms, 50);
  VirtualEngine engine(run);
  engine.reply = [](const Job&) { return Reply{500 * us, {.error = ErrorType::connect}}; };
  run.dispatcher().run();
  for (std::size_t i = 0; i < 50; ++i) CHECK(engine.starts[i].at == static_cast<std::int64_t>(i) * ms);
}

TEST_CASE("a closed loop over HTTP/2 has as many under way as its connections have streams") {
  VirtualRun run;
  run.closed_loop(500 * us);
  run.plan.transport.connections = 2;
  run.plan.transport.http2 = true;
  run.plan.transport.streams = 5;
  VirtualEngine engine(run);
  engine.slots = 5;
  run.dispatcher().run();
  CHECK(engine.starts.size() == 10);
  CHECK(engine.connections.size() == 2);
}

TEST_CASE("streams are HTTP/2's: over HTTP/1.1 a connection carries one request") {
  VirtualRun run;
  run.closed_loop(500 * us);
  run.plan.transport.connections = 2;
  run.plan.transport.streams = 5;
  VirtualEngine engine(run);
  engine.slots = 5;
  run.dispatcher().run();
  CHECK(engine.starts.size() == 2);
}

TEST_CASE("threads share the connections and the schedule, and none is left out") {
  struct Row {
    int thread, connections;
    std::vector<std::uint64_t> numbers;
  };
  const Row rows[] = {{0, 2, {3, 9, 15}}, {1, 2, {4, 10, 16}}, {2, 1, {5, 11, 17}}};
  for (const Row& row : rows) {
    CAPTURE(row.thread);
    VirtualRun run;  // the second of two machines, with three threads and five connections each
    run.plan.schedule = {.kind = Schedule::Kind::period, .period = 1s, .burst = 18, .duration = 0ms};
    run.plan.shard = {1, 2};
    run.plan.transport.threads = 3;
    run.plan.transport.connections = 5;
    VirtualEngine engine(run, row.thread);
    run.dispatcher(row.thread).run();
    CHECK(engine.numbers() == row.numbers);
    CHECK(static_cast<int>(engine.connections.size()) == row.connections);
  }
}

TEST_CASE(
    "a stop sends nothing more, waits for what is under way, and counts what fell due and was not sent") {
  struct Row {
    const char* name;
    std::int64_t stop_at;
    std::uint64_t scheduled, started;
  };
  const Row rows[] = {
      {"with requests waiting", 5'500 * us, 6, 1},
      {"as one falls due", 6 * ms, 7, 1},
      {"before anything but the first", 500 * us, 1, 1},
      {"after the schedule's end", 30 * ms, 10, 1},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    VirtualRun run;
    run.open_loop(ms, 10);
    VirtualEngine engine(run);
    engine.reply = [](const Job&) { return Reply{40 * ms}; };
    run.agenda.at(row.stop_at, [&] { run.stop.request(); });
    run.dispatcher().run();
    CHECK(engine.starts.size() == row.started);
    CHECK(run.dispatcher().scheduled() == row.scheduled);
    CHECK(run.tally().sent() == row.started);
    CHECK(run.count(200) == row.started);
    CHECK(run.clock.time == 40 * ms);
  }
}

TEST_CASE("a stop counts what its timer slack or the bound of the queue had not let start") {
  VirtualRun slack;
  slack.open_loop(ms, 100);
  slack.plan.timer_slack = 50ms;
  VirtualEngine engine(slack);
  slack.agenda.at(30 * ms, [&] { slack.stop.request(); });
  slack.dispatcher().run();
  CHECK(slack.dispatcher().scheduled() == 31);
  CHECK(engine.starts.empty());
  CHECK(slack.clock.time == 30 * ms);

  VirtualRun bound;
  bound.plan.schedule = {.kind = Schedule::Kind::period, .period = 1s, .burst = 70'000, .duration = 5s};
  VirtualEngine busy(bound);
  busy.reply = [](const Job&) { return Reply{2'500 * ms}; };
  bound.agenda.at(1'500 * ms, [&] { bound.stop.request(); });
  bound.dispatcher().run();
  CHECK(bound.dispatcher().scheduled() == 140'000);
  CHECK(bound.tally().sent() == 1);
}

TEST_CASE("a stop ends a closed loop when what is under way has ended") {
  VirtualRun run;
  run.closed_loop(s);
  run.plan.transport.connections = 3;
  VirtualEngine engine(run);
  engine.reply = [](const Job& job) { return Reply{job.n == 0 ? 9 * ms : 2 * ms}; };
  run.agenda.at(5 * ms, [&] { run.stop.request(); });
  run.dispatcher().run();
  CHECK(run.clock.time == 9 * ms);
  CHECK(engine.starts.size() == 7);
  CHECK(run.dispatcher().scheduled() == 7);
  CHECK(run.tally().sent() == 7);
}

TEST_CASE("a stop before the start sends nothing") {
  VirtualRun run;
  run.open_loop(ms, 10);
  run.clock.time = -s;
  run.stop.request();
  VirtualEngine engine(run);
  run.dispatcher().run();
  CHECK(engine.starts.empty());
  CHECK(run.dispatcher().scheduled() == 0);
  CHECK(run.clock.time == -s);
}

TEST_CASE("a stop is looked at between waits, also when replies never cease") {
  VirtualRun run;
  run.open_loop(s, 1'000);
  run.plan.timeout = 100ms;
  VirtualEngine engine(run);
  engine.reply = [](const Job&) { return Reply{never}; };
  std::function<void()> again = [&] { run.agenda.at(run.clock.time + us, again); };  // a server that floods
  again();
  run.agenda.at(2 * ms, [&] { run.stop.request(); });
  run.dispatcher().run();
  CHECK(run.clock.time <= 101 * ms);
  CHECK(run.count(ErrorType::timeout) == 1);
}
