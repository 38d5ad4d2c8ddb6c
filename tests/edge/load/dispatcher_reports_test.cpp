#include <doctest/doctest.h>

#include "tests/edge/load/virtual_engine.hpp"

using namespace junction;
using namespace junction::load;
using namespace std::chrono_literals;

using Reply = VirtualEngine::Reply;
using Wait = VirtualEngine::Wait;
constexpr std::int64_t never = VirtualEngine::never;

namespace {

struct NoObserver final : Observer {
  void progress(const Progress&) override {}
};

struct Seen final : Trace {
  std::vector<Outcome> begun, ended;
  std::vector<int> threads;
  void started(int thread, const Outcome& so_far) override {
    begun.push_back(so_far);
    threads.push_back(thread);
  }
  void finished(int thread, const Outcome& outcome) override {
    ended.push_back(outcome);
    threads.push_back(thread);
  }
};

}  // namespace

TEST_CASE("an observer finds what happened since it last looked, at most half an interval old") {
  VirtualRun run;
  NoObserver observer;
  run.options.observer = &observer;
  run.options.progress_interval = 100ms;
  run.open_loop(20 * ms, 10);
  run.plan.timeout = 12'800ms;
  VirtualEngine engine(run);
  engine.reply = [](const Job& job) { return job.n == 7 ? Reply{300 * ms} : Reply{ms}; };
  Progress early, late, last;
  run.agenda.at(110 * ms, [&] { run.dispatcher().collect(early); });
  run.agenda.at(230 * ms, [&] { run.dispatcher().collect(late); });
  run.dispatcher().run();
  run.dispatcher().collect(last);

  CHECK(early.elapsed == 100ms);
  CHECK(early.interval.outcomes.total() == 5);  // those of 0 to 80 ms
  CHECK(early.in_flight == 0);
  CHECK(late.elapsed == 200ms);
  CHECK(late.interval.outcomes.total() == 2);  // of 100 and 120 ms; the one of 140 ms takes long
  CHECK(late.in_flight == 1);
  CHECK(late.waiting == 2);
  CHECK(last.elapsed == std::chrono::nanoseconds(run.clock.time));
  CHECK(last.interval.outcomes.total() == 3);
  CHECK(last.in_flight == 0);
  CHECK(last.waiting == 0);
}

TEST_CASE("looks are shared: what was told is not told again, and two threads add up") {
  Mailbox mailbox;
  TimeSlot slot;
  slot.sent = 5;
  mailbox.put(3s, slot, 2, 7);
  mailbox.put(4s, slot, 1, 6);
  Progress all{.elapsed = 3500ms, .in_flight = 10, .waiting = 20};
  mailbox.collect(all);
  CHECK(all.elapsed == 4s);
  CHECK(all.interval.sent == 10);
  CHECK(all.in_flight == 11);
  CHECK(all.waiting == 26);
  Progress again{.elapsed = 5s};
  mailbox.collect(again);
  CHECK(again.elapsed == 5s);
  CHECK(again.interval.sent == 0);
  CHECK(again.in_flight == 1);
}

TEST_CASE("an observer is served while nothing else happens, and nobody is woken for none") {
  for (const bool observed : {true, false}) {
    CAPTURE(observed);
    VirtualRun run;
    NoObserver observer;
    if (observed) run.options.observer = &observer;
    run.options.progress_interval = 100ms;
    run.open_loop(s, 2);
    VirtualEngine engine(run);
    run.dispatcher().run();
    const auto woken = [&](std::int64_t at) {
      return std::count_if(engine.waits.begin(), engine.waits.end(),
                           [&](const Wait& wait) { return wait.until == at; });
    };
    CHECK(woken(50 * ms) == (observed ? 2 : 0));
    CHECK(woken(950 * ms) == (observed ? 1 : 0));
    CHECK(woken(s) == 1);
    CHECK(engine.waits.size() == (observed ? 22U : 3U));
  }
}

TEST_CASE("a trace is told of each request twice, by the thread that sends it") {
  VirtualRun run;
  Seen seen;
  run.options.trace = &seen;
  run.plan.schedule = {.kind = Schedule::Kind::period, .period = 1s, .burst = 10, .duration = 0ms};
  run.plan.transport.threads = 4;
  run.plan.transport.connections = 4;
  VirtualEngine engine(run, 3);
  engine.reply = [](const Job& job) {
    return job.n == 3 ? Reply{2 * ms, {.status = 404}} : Reply{ms, {.error = ErrorType::tls}};
  };
  run.dispatcher(3).run();
  CHECK(seen.threads == std::vector<int>{3, 3, 3, 3});
  REQUIRE(seen.begun.size() == 2);
  REQUIRE(seen.ended.size() == 2);
  CHECK(seen.begun[1].query == 1);  // request 7 of three queries
  CHECK(seen.begun[1].due == 0);
  CHECK(seen.begun[1].sent == 2 * ms);
  CHECK(seen.begun[1].endpoint == no_endpoint);
  CHECK(seen.ended[0].status == 404);
  CHECK(seen.ended[0].error == ErrorType::none);
  CHECK(seen.ended[0].sent == 0);
  CHECK(seen.ended[0].done == 2 * ms);
  CHECK(seen.ended[1].status == 0);
  CHECK(seen.ended[1].error == ErrorType::tls);
  CHECK(seen.ended[1].query == 1);
  CHECK(seen.ended[1].due == 0);
  CHECK(seen.ended[1].sent == 2 * ms);
  CHECK(seen.ended[1].done == 3 * ms);
}

TEST_CASE(
    "what expires in the queue says when it was given up, and nothing of an endpoint that it never met") {
  VirtualRun run;
  Seen seen;
  run.options.trace = &seen;
  run.plan.schedule = {.kind = Schedule::Kind::period, .period = 1s, .burst = 2, .duration = 0ms};
  run.plan.timeout = 640ms;
  VirtualEngine engine(run);
  engine.reply = [](const Job&) { return Reply{never}; };
  run.dispatcher().run();
  REQUIRE(seen.ended.size() == 2);
  CHECK(seen.begun.size() == 1);
  CHECK(seen.ended[1].error == ErrorType::timeout);
  CHECK(seen.ended[1].sent == 640 * ms);
  CHECK(seen.ended[1].due == 0);
}

TEST_CASE("outcomes are recorded 64 at a time, and all of them at the end") {
  VirtualRun run;
  run.open_loop(ms, 100);
  VirtualEngine engine(run);
  engine.reply = [](const Job&) { return Reply{100 * us}; };
  std::vector<std::uint64_t> recorded;
  for (const std::int64_t at : {63 * ms + 50 * us, 63 * ms + 150 * us, 64 * ms + 50 * us, 99 * ms})
    run.agenda.at(at, [&] { recorded.push_back(run.tally().sent()); });
  run.dispatcher().run();
  CHECK(recorded == std::vector<std::uint64_t>{0, 64, 64, 64});
  CHECK(run.tally().sent() == 100);
}

TEST_CASE("a retry is no request more") {
  VirtualRun run;
  run.open_loop(ms, 2);
  VirtualEngine engine(run);
  run.agenda.at(500 * us, [&] { run.dispatcher().note_retry(); });
  run.dispatcher().run();
  CHECK(run.tally().retried == 1);
  CHECK(run.tally().sent() == 2);
}

TEST_CASE(
    "a closed loop takes replies in groups where that saves CPU and costs nothing; an open loop never does") {
  for (const bool open : {false, true}) {
    CAPTURE(open);
    VirtualRun run;
    if (open)
      run.plan.schedule = {.kind = Schedule::Kind::rate, .rate = 50'000, .duration = 90ms};
    else
      run.closed_loop(90 * ms);
    run.plan.transport.connections = 40;
    VirtualEngine engine(run);
    std::int64_t free_at = 0;  // of the server, which takes 20 us for each
    engine.reply = [&](const Job&) {
      free_at = std::max(free_at, run.clock.time) + 20 * us;
      return Reply{free_at - run.clock.time};
    };
    std::vector<std::uint32_t> sizes;
    std::vector<std::int64_t> naps;
    const auto look = [&] {
      sizes.push_back(run.dispatcher().group_size());
      naps.push_back(run.dispatcher().nap());
    };
    run.agenda.at(40 * ms, look);  // each is taken as it comes, for 25 ms to warm up, and 25 ms to measure
    run.agenda.at(51 * ms, [&] { run.clock.cpu = 1'000'000'000; });
    run.agenda.at(60 * ms, look);
    run.agenda.at(80 * ms, look);  // groups cost more CPU than they should have: no more of them
    run.dispatcher().run();
    // 15 replies come within the 300 us that a group may take.
    CHECK(sizes == (open ? std::vector<std::uint32_t>{1, 1, 1} : std::vector<std::uint32_t>{1, 15, 1}));
    CHECK(naps == (open ? std::vector<std::int64_t>{0, 0, 0} : std::vector<std::int64_t>{0, 30 * us, 0}));
  }
}
