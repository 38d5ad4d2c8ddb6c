#include "junction/threshold.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

#include "junction/run_report.hpp"
#include "tests/core/load/sample_run.hpp"

namespace junction {

TEST_CASE("thresholds hold or not, and say what was measured") {
  const RunReport report = sample_run();
  struct Row {
    const char* text;
    bool holds;
    const char* actual;
  };
  // Of 1000: 5 refused, 5 timeouts, 90 times 500, 900 times 200. Response time of n: 1 ms + n us + (n % 10)
  // us.
  for (const auto& [text, holds, actual] : {
           Row{"p50<2ms", true, "1.50ms"},
           Row{"p50<1.5ms", false, "1.50ms"},
           Row{"p99 <= 2ms", true, "1.99ms"},
           Row{" p99.9 > 1s ", false, "2.01ms"},
           Row{"p0>=1ms", true, "1.00ms"},
           Row{"response.p50<2ms", true, "1.50ms"},
           Row{"service.p100<=1.999ms", true, "2.00ms"},
           Row{"lateness.p100==9us", true, "9.00us"},
           Row{"lateness.p50<1us", false, "4.00us"},
           Row{"max<2s", true, "2.01ms"},
           Row{"mean<1ms", false, "1.50ms"},
           Row{"errors<1%", false, "10 (1.00%)"},
           Row{"errors<=1%", true, "10 (1.00%)"},
           Row{"errors==10", true, "10 (1.00%)"},
           Row{"failed<10%", false, "100 (10.00%)"},
           Row{"failed!=99", true, "100 (10.00%)"},
           Row{"code(500)==0", false, "90 (9.00%)"},
           Row{"code(500)<10%", true, "90 (9.00%)"},
           Row{"code(5xx)==90", true, "90 (9.00%)"},
           Row{"code(2xx)>=90%", true, "900 (90.00%)"},
           Row{"code(404)==0", true, "0 (0.00%)"},
           Row{"requests==1000", true, "1000"},
           Row{"rate>=0.99", true, "1.0000"},
           Row{"rate>=99%", true, "1.0000"},
           Row{"throughput>95", true, "99.1/s"},
       }) {
    CAPTURE(text);
    const auto threshold = parse_threshold(text);
    REQUIRE(threshold.ok());
    const ThresholdResult result = evaluate(*threshold, report);
    CHECK(result.holds == holds);
    CHECK(result.actual == actual);
    CHECK(result.text == text);
  }
}

TEST_CASE("a threshold on what was not measured does not hold") {
  RunReport nothing;
  for (const char* text :
       {"p99<1s", "p99>=0", "errors==0", "errors<1%", "code(500)==0", "rate>=0", "throughput>=0"}) {
    CAPTURE(text);
    CHECK_FALSE(evaluate(*parse_threshold(text), nothing).holds);
  }
  CHECK(evaluate(*parse_threshold("requests==0"), nothing).holds);
  Recorder recorder;
  recorder.record({.error = ErrorType::connect});
  RunReport unanswered;
  unanswered.tally = recorder.tally();
  CHECK(evaluate(*parse_threshold("p99<1s"), unanswered).actual == "no responses");
  CHECK_FALSE(evaluate(*parse_threshold("p99<1s"), unanswered).holds);
  CHECK(evaluate(*parse_threshold("rate>=0.5"), unanswered).actual == "no rate was asked for");
}

TEST_CASE("what is no threshold is refused by name") {
  for (const char* text : {"",
                           "p99",
                           "p99<",
                           "p99<50",
                           "p99=50ms",
                           "p101<1s",
                           "p-1<1s",
                           "p<1s",
                           "px<1s",
                           "99<1s",
                           "errors<1ms",
                           "errors<-1",
                           "errors<nan",
                           "errors<inf",
                           "code(50)==0",
                           "code(5000)==0",
                           "code(xxx)==0",
                           "code(5x5)==0",
                           "code()==0",
                           "code(500==0",
                           "rate>=fast",
                           "requests<1%",
                           "throughput>5%",
                           "<5ms",
                           "p99<5ms<6ms",
                           "p99!5ms",
                           "p99=<5ms",
                           "response.errors<1",
                           "errors<1 %%"}) {
    CAPTURE(text);
    const auto threshold = parse_threshold(text);
    REQUIRE_FALSE(threshold.ok());
    CHECK(threshold.error().kind == ErrorKind::usage);
    CHECK(threshold.error().message.find('"' + std::string(text) + '"') != std::string::npos);
  }
}

TEST_CASE("any string is either a threshold or refused") {
  const RunReport report = sample_run();
  constexpr std::string_view letters = "p9.0<>=!%cod(5x)erstamnuhilwgq -+ei";
  std::mt19937 random(5);
  int parsed = 0;
  for (int i = 0; i < 200'000; ++i) {
    // Half of them start as a threshold and lose, gain or change a few characters.
    std::string text = i % 2 == 0 ? "" : i % 4 == 1 ? "p99.9<=50ms" : "code(5xx)>=1.5%";
    for (std::size_t changes = random() % (i % 2 == 0 ? 12 : 3); changes > 0; --changes) {
      const std::size_t at = text.empty() ? 0 : random() % text.size();
      if (!text.empty() && random() % 2 == 0) text.erase(at, 1);
      text.insert(at, 1, letters[random() % letters.size()]);
    }
    const auto threshold = parse_threshold(text);
    if (!threshold) continue;
    ++parsed;
    CHECK_FALSE(evaluate(*threshold, report).actual.empty());
  }
  CHECK(parsed > 1000);
}

}  // namespace junction
