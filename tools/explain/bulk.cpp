#include "tools/explain/bulk.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <chrono>
#include <ostream>
#include <string>

#include "junction/bulk.hpp"
#include "tools/explain/clients.hpp"
#include "tools/interrupt.hpp"
#include "tools/options/header.hpp"
#include "tools/output/door.hpp"

namespace junctionctl::explain {
namespace {

using Clock = std::chrono::steady_clock;

/// One line on a terminal, written over and over, and taken away at the end.
class ProgressBar {
 public:
  explicit ProgressBar(std::ostream& err) : err_(err) {}
  ~ProgressBar() {
    if (shown_) err_ << "\r\x1b[K" << std::flush;
  }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void show(const junction::BulkProgress& progress) {
    const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    if (seconds < 1) return;
    shown_ = true;
    const double megabytes = static_cast<double>(progress.bytes) / 1e6;
    if (progress.total_bytes == 0) {
      fmt::print(err_, "\r\x1b[K{:.0f} MB, {:.0f} MB/s", megabytes, megabytes / seconds);
    } else {
      constexpr std::size_t cells = 30;
      const double part =
          std::min(1.0, static_cast<double>(progress.bytes) / static_cast<double>(progress.total_bytes));
      const auto full = static_cast<std::size_t>(part * cells);
      const double left = part > 0 ? seconds / part - seconds : 0;
      fmt::print(err_, "\r\x1b[K[{}{}] {:3.0f}%  {:.0f} MB/s  {:.0f} s left", std::string(full, '#'),
                 std::string(cells - full, ' '), 100 * part, megabytes / seconds, left);
    }
    err_.flush();
  }

 private:
  std::ostream& err_;
  const Clock::time_point start_ = Clock::now();
  bool shown_ = false;
};

void fill(Report& report, const junction::BulkSummary& bulk) {
  for (std::size_t i = 0; i < report.endpoints.size() && i < bulk.endpoints.size(); ++i) {
    report.endpoints[i].keys = bulk.endpoints[i].keys;
    report.endpoints[i].requests = bulk.endpoints[i].requests;
  }
  Summary& summary = report.summary;
  summary.requests = bulk.requests;
  summary.keys = bulk.distinct_keys;
  summary.keys_exact = bulk.distinct_exact;
  summary.skipped = bulk.skipped;
  summary.stopped = bulk.stopped;
  if (report.policy.hashes()) summary.random = bulk.random;
  summary.unknown = bulk.unknown;
  // The sketch may count too much; what is mostly that is no heavy key.
  for (const junction::HeavyKey& key : bulk.heaviest)
    if (2 * key.overcount <= key.requests)
      summary.heaviest.push_back({key.text, key.hash, key.endpoint, key.requests - key.overcount});
  std::sort(summary.heaviest.begin(), summary.heaviest.end(), [](const HeavyKey& a, const HeavyKey& b) {
    return a.requests != b.requests ? a.requests > b.requests : a.hash < b.hash;
  });
}

}  // namespace

bool is_bulk(const Options& options, const Subject& subject, const Client& client) {
  return options.summary && !options.requests.empty() && options.queries.empty() && options.hashes.empty() &&
         subject.urls.empty() && options.impl != "all" && !client.state().endpoints.empty();
}

junction::Result<Report> build_bulk_report(const Options& options, const Subject& subject,
                                           const std::vector<Client>& clients, Io& io, int& signal) {
  Report report = report_head(options, subject, clients);
  junction::Stop stop;
  const Interrupt interrupt(stop);
  auto headers = parse_headers(options.headers);
  if (!headers) return std::move(headers).error();
  junction::BulkOptions bulk_options{
      .headers = std::move(*headers), .source_ip = options.source_ip, .stop = &stop};
  {
    ProgressBar bar(verbatim(io.err));
    const bool watched = io.err_is_terminal && !options.no_progress;
    if (watched) bulk_options.progress = [&](const junction::BulkProgress& progress) { bar.show(progress); };
    const auto bulk =
        junction::summarize_requests(clients.front().balancer(), options.requests, bulk_options);
    if (!bulk) return bulk.error();
    fill(report, *bulk);
    finish_report(report, clients.front().lint(subject), bulk->lints);
  }
  signal = Interrupt::signal();
  return report;
}

}  // namespace junctionctl::explain
