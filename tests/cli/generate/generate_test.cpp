#include <doctest/doctest.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/run.hpp"
#include "tools/generate/live_line.hpp"
#include "tools/output/width.hpp"

namespace junctionctl::generate {
namespace {

// Nobody listens there: a run that was not refused in time fails with another message.
constexpr const char* nowhere = "http://127.0.0.1:1/?q=";

Outcome generate(std::vector<const char*> words) {
  words.insert(words.begin(), "generate");
  words.insert(words.end(), {"--no-progress"});
  return run(words);
}

}  // namespace

TEST_CASE(
    "what is wrong on the command line of generate is one line that names it, before anything is sent") {
  struct Row {
    std::vector<const char*> words;
    int code;
    const char* says;
  };
  const std::vector<Row> rows = {
      {{"--duration", ""}, 2, "--duration: the value is empty"},
      {{"--rate", ""}, 2, "--rate: the value is empty"},
      {{"--url", ""}, 2, "--url: the value is empty"},
      {{"--lb", ""}, 2, "--lb: the value is empty"},
      {{"--report", ""}, 2, "--report: the value is empty"},
      {{"--rate", "nan"}, 2, "--rate 'nan' is not a number"},
      {{"--rate", "inf"}, 2, "--rate 'inf' is not a number"},
      {{"--rate", "-1"}, 2, "a rate of -1 requests/s"},
      {{"--period", "-1"}, 2, "a period of -1 s cannot be kept"},
      {{"--period", "1e-9"}, 2, "use one from 0.000001 s"},
      {{"--duration", "1e400"}, 2, "\"1e400\" is no duration"},
      {{"--rate", "5", "--burst", "-1"}, 2, "--burst '-1' is not a whole number"},
      {{"--rate", "5", "--burst", "99999999999999999999"}, 2, "--burst '99999999999999999999' is not"},
      {{"--rate", "5", "--burst", "0"}, 2, "a burst of 0 requests sends nothing"},
      {{"--burst", "5"}, 2, "--burst needs --rate"},
      {{"--seed", "99999999999999999999999"}, 2, "--seed '99999999999999999999999' is not a whole number"},
      {{"--connections", "0"}, 2, "0 connections are fewer than the 1 threads"},
      {{"--connections", "4", "--threads", "8"}, 2, "4 connections are fewer than the 8 threads"},
      {{"--threads", "x"}, 2, "--threads 'x' is not a number"},
      {{"--connections", "99999999999"}, 2, "--connections '99999999999' is out of range"},
      {{"--threads", "100000"}, 2, "100000 threads cannot run; use 1 to 1024"},
      {{"--streams", "5"}, 2, "--streams requires --http2"},
      {{"--streams", "0", "--http2"}, 2, "0 streams a connection are out of range"},
      {{"--http2", "--no-keepalive"}, 2, "HTTP/2 without keep-alive"},
      {{"--ramp", "0:0", "--duration", "1"}, 2, "a rate of 0 requests/s"},
      {{"--ramp", "1:2", "--max"}, 2, "--period, --rate, --ramp and --max each set the pace"},
      {{"--zipf", "1", "--shuffle"}, 2, "each choose the values; use one of them"},
      {{"--shard", "1/0"}, 2, "--shard '1/0' is not i/n"},
      {{"--start-at", "2030-02-30T00:00:00Z"}, 2, "'2030-02-30T00:00:00Z' is not a time; write"},
      {{"--timer-slack", "5"}, 2, "a timer slack of 5 s is out of range"},
      {{"--header", ": x"}, 2, "'' is not a header's name"},
      {{"--header", "a b: c"}, 2, "'a b' is not a header's name"},
      {{"--url", "http://127.0.0.1:99999/"}, 2, "the port '99999' is not a number from 1 to 65535"},
      {{"--url", "http://ann:pw@127.0.0.1/"}, 2, "use --header 'Authorization: ...'"},
      {{"--connect-to", "shop:80"}, 2, "--connect-to 'shop:80' is not HOST1:PORT1:HOST2:PORT2"},
      {{"--connect-to", "a:1:::1:2"}, 2, "(an IPv6 address in brackets)"},
      {{"--proxy", "socks5://127.0.0.1:9050"}, 2, "only HTTP proxies"},
      {{"--proxy", "p:1", "--connect-to", "a:1:b:2"}, 2, "cannot be followed through the proxy p:1"},
      {{"--proxy", "p:1", "--lb", "RingHash", "--endpoints", "127.0.0.1:1"}, 2, "leave out --proxy"},
      {{"--connect-to", "a:1:b:2", "--lb", "RoundRobin", "--endpoints", "127.0.0.1:1"},
       2,
       "follow no --connect-to"},
      {{"--hash-query", "q"}, 2, "--hash-query requires --endpoints"},
      {{"--min-ring-size", "5", "--lb", "svc/x"}, 2, "--min-ring-size requires --endpoints"},
      {{"--by", "endpoint"}, 2, "--by endpoint needs --lb"},
      {{"--by", "fruit"}, 2, "'fruit' is none of query, endpoint, code"},
      {{"--vals", "a", "--vals-file", "b"}, 2, "--vals and --vals-file both name the values"},
      {{"--vals-file", "/"}, 1, "'/': Is a directory"},
      {{"--data", "@/"}, 1, "'/': Is a directory"},
      {{"--report", "/"}, 1, "could not write /: Is a directory"},
      {{"--hdr-log", "/nowhere/log"}, 1, "could not write /nowhere/log: No such file or directory"},
      {{"--report", "-"}, 2, "name a file"},
      {{"--report", "x", "--hdr-log", "x"}, 2, "--hdr-log and --report both name x"},
      {{"--threshold", ""}, 2, "has no comparison; write it as in p99<50ms"},
      {{"--threshold", "p101<50ms"}, 2, "\"p101\" is none of p0 to p100"},
      {{"--threshold", "p99<50"}, 2, "\"50\" is no duration"},
      {{"--threshold", "code(5x)==0"}, 2, "code(500), code(5xx)"},
      {{"--threshold", "mean=<5ms"}, 2, "the comparison is none of < <= > >= == !="},
      {{"--threshold", "throughput>5%"}, 2, "\"5%\" is no number"},
      {{"--progress"}, 2, "excludes --no-progress"},
      {{"extra"}, 2, "extra"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.says);
    auto words = row.words;
    if (row.words.front() != std::string("--url")) words.insert(words.end(), {"--url", nowhere});
    const Outcome outcome = generate(words);
    CHECK(outcome.code == row.code);
    CHECK(outcome.out.empty());
    CHECK_MESSAGE(outcome.err.find(row.says) != std::string::npos, outcome.err);
    CHECK(outcome.err.starts_with("junctionctl: "));
    CHECK(outcome.err.find('\n') == outcome.err.size() - 1);
  }
}

TEST_CASE("a value of a megabyte is a value") {
  const std::string file = "/tmp/junctionctl-test-" + std::to_string(::getpid());
  std::ofstream(file) << std::string(1 << 20, 'x') << '\n';
  const Outcome outcome = generate({"--vals-file", file.c_str(), "--duration", "0", "--url", nowhere});
  std::remove(file.c_str());
  CHECK(outcome.code == 1);
  CHECK(outcome.err.find("is the server up?") != std::string::npos);
  CHECK(outcome.err.size() < 200);
}

TEST_CASE("a name too long for a table keeps its beginning and its end") {
  CHECK(shortened("pinot noir", 10) == "pinot noir");
  CHECK(shortened("0123456789abcdefghij", 16) == "012345678...ghij");
  CHECK(shortened("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 8) ==
        "\xc3\xa9\xc3\xa9\xc3\xa9...\xc3\xa9\xc3\xa9");
  CHECK(width(shortened(std::string(5000, 'x'), 72)) == 72);
}

TEST_CASE("a line of progress tells the rate of the time it is about, and what is still to come") {
  using namespace std::chrono_literals;
  std::ostringstream err;
  junction::Stop stop;
  Status status(err, true, stop);
  const auto told = [&](std::chrono::nanoseconds elapsed, std::uint64_t responses) {
    err.str("");
    junction::load::Progress progress{.elapsed = elapsed};
    for (std::uint64_t i = 0; i < responses; ++i) {
      progress.interval.outcomes.record(junction::OutcomeKey(200, junction::ErrorType::none));
      progress.interval.response.record(1'000'000);
    }
    progress.interval.sent = responses;
    status.progress(progress);
    return err.str();
  };
  CHECK(told(-2500ms, 0) == "starts in 2.5s\n");
  CHECK(told(1s, 50) == "1.0s  50/s  200: 50  p50 1.00ms p99 1.00ms  late 0ns\n");
  CHECK(told(1s, 0) == "");  // nothing was told since
  CHECK(told(3s, 50) == "3.0s  25/s  200: 100  p50 1.00ms p99 1.00ms  late 0ns\n");
  CHECK(told(3500ms, 50) == "3.5s  100/s  200: 150  p50 1.00ms p99 1.00ms  late 0ns\n");
  CHECK(told(-10 * 24h, 0) == "starts in 10d00h\n");
}

TEST_CASE(
    "a line of progress tells the end of the run, what is under way, and how long replies are awaited") {
  using namespace std::chrono_literals;
  std::ostringstream err;
  junction::Stop stop;
  Status status(err, true, stop);
  junction::load::Plan plan;
  plan.schedule = {.kind = junction::Schedule::Kind::rate, .rate = 1000, .duration = 10s};
  plan.timeout = 6s;
  status.expect(plan);
  const auto told = [&](std::chrono::nanoseconds elapsed, std::uint64_t in_flight,
                        std::uint64_t waiting = 0) {
    err.str("");
    status.progress({.elapsed = elapsed, .interval = {}, .in_flight = in_flight, .waiting = waiting});
    return err.str();
  };
  CHECK(told(3200ms, 0) == "3.2s of 10s  0/s\n");
  CHECK(told(4200ms, 30, 4) == "4.2s of 10s  0/s  30 under way  4 waiting for a connection\n");
  CHECK(told(12100ms, 30) == "12.1s  waiting for 30 replies, at most 4 s more\n");
  CHECK(told(15900ms, 1) == "15.9s  waiting for 1 reply, at most 1 s more\n");
  stop.request();
  CHECK(told(16s, 1) == "stopping; 1 under way, a second signal leaves at once  16.0s  0/s\n");
}

}  // namespace junctionctl::generate
