// Writes an HdrHistogram log of a run made up here, and beside it, a line each, the response times that went
// in.
#include <cmath>
#include <fstream>
#include <iostream>
#include <random>

#include "junction/report/hdr_log.hpp"
#include "junction/tally.hpp"

int main(int argc, char** argv) {
  if (argc != 3) return std::cerr << "usage: hdr_log_sample LOG VALUES\n", 2;
  std::mt19937_64 random(2024);
  std::lognormal_distribution<double> response(13, 1.5);  // 440 us at the median, up to seconds
  junction::RunReport report;
  report.recorder.slot_precision = junction::Precision::three_digits;
  junction::Recorder recorder(report.recorder);
  std::ofstream values(argv[2]);
  for (std::int64_t n = 0; n < 50'000; ++n) {
    junction::Outcome outcome{.query = 0, .status = 200, .due = n * 100'000};
    outcome.sent = outcome.due + n % 50 * 100;
    const auto took =
        n % 1000 == 0 ? n % 50 * 100 : static_cast<std::int64_t>(response(random)) + n % 50 * 100;
    outcome.done = outcome.due + took;
    recorder.record(outcome);
    report.elapsed = std::max(report.elapsed, outcome.done);
    values << took << ' ' << outcome.done << ' ' << outcome.sent - outcome.due << '\n';
  }
  report.plan.url = "http://localhost/";
  report.version = "test";
  report.started = 1'700'000'000'123'000'000;
  report.tally = std::move(recorder).take();
  std::ofstream log(argv[1]);
  junction::report::write_hdr_log(report, log);
  return log.flush() && values.flush() ? 0 : 1;
}
