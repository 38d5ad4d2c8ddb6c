#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sched.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <numeric>
#include <thread>

#include "edge/bulk/block_reader.hpp"
#include "edge/bulk/line_counter.hpp"
#include "junction/bulk.hpp"
#include "junction/request_line.hpp"

namespace junction {
namespace {

using Clock = std::chrono::steady_clock;

/// One pass over a file: what its threads share.
class Pass {
 public:
  /// `offset` is that of the file in all that are read.
  Pass(BlockReader reader, std::string path, std::uint64_t offset, const BulkOptions& options)
      : reader_(std::move(reader)), path_(std::move(path)), offset_(offset), options_(options) {}

  /// Reads and counts blocks until there are no more. One of the threads, the caller's own, shows progress.
  void work(LineCounter& counter, bool shows_progress) {
    LineBlock block;
    for (auto shown = Clock::now(); !failed_ && (!asked_to_stop() || reader_.holds_beginning());) {
      const auto more = reader_.next(block);
      if (!more) return fail(std::numeric_limits<std::size_t>::max(), {0, more.error()});
      if (!*more) return;
      block.offset += offset_;
      const std::uint64_t before = counter.lines();
      const auto bad = counter.add(block);
      finish(block.index, counter.lines() - before);
      if (bad) return fail(block.index, *bad);
      if (!shows_progress || !options_.progress || Clock::now() - shown < std::chrono::milliseconds(100))
        continue;
      shown = Clock::now();
      options_.progress({reader_.bytes(), reader_.total_bytes()});
    }
  }

  [[nodiscard]] std::uint64_t bytes() const { return reader_.bytes(); }

  [[nodiscard]] bool asked_to_stop() const { return options_.stop && options_.stop->requested(); }

  /// The first error, if there was one, with its line's number in the file. Call when all threads are done.
  [[nodiscard]] Result<void> result() const {
    if (!failed_) return {};
    if (bad_block_ == std::numeric_limits<std::size_t>::max()) return bad_.error;
    // Blocks are dealt out in order, so all in front of a bad one have been counted by now.
    const auto until = lines_.begin() + static_cast<std::ptrdiff_t>(bad_block_);
    const std::uint64_t line = std::accumulate(lines_.begin(), until, std::uint64_t{bad_.line}) + 1;
    return invalid_error(fmt::format("{}:{}: {}", source_name(path_), line, bad_.error.message));
  }

 private:
  void finish(std::size_t block, std::uint64_t lines) {
    const std::lock_guard lock(mutex_);
    lines_.resize(std::max(lines_.size(), block + 1));
    lines_[block] = lines;
  }

  void fail(std::size_t block, const BadLine& bad) {
    const std::lock_guard lock(mutex_);
    if (!failed_ || block < bad_block_) {
      bad_block_ = block;
      bad_ = bad;
    }
    failed_ = true;
  }

  BlockReader reader_;
  const std::string path_;
  const std::uint64_t offset_;
  const BulkOptions& options_;
  std::atomic<bool> failed_{false};
  std::mutex mutex_;
  std::vector<std::uint64_t> lines_;  ///< of each block
  std::size_t bad_block_ = 0;
  BadLine bad_;
};

/// A key as a person knows it: what the first policy that yields found in the line, or else the line.
std::string shown_text(const BalancerView& view, const std::string& line) {
  const RequestLine taken = classify_line(line);
  if (taken.kind == LineKind::value) return line;
  const auto parsed = parse_request_line(taken, "");
  if (!parsed || !*parsed) return line;
  std::vector<Header> room;
  for (const HashStep& step : view.explain((*parsed)->request(room)).steps)
    if (step.value && !step.values.empty()) return fmt::format("{}", fmt::join(step.values, ", "));
  return line;
}

// The cores this process may use, which std::thread::hardware_concurrency() does not ask for.
unsigned usable_cores() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return static_cast<unsigned>(CPU_COUNT(&set));
}

std::size_t thread_count(const BulkOptions& options) {
  return options.threads != 0 ? options.threads : std::clamp(usable_cores(), 1U, 8U);
}

using Counters = std::vector<std::unique_ptr<LineCounter>>;

// Every line of a file, with a thread a counter, the calling one among them; the bytes it had.
Result<std::uint64_t> count_lines(BlockReader reader, const std::string& path, std::uint64_t offset,
                                  const BulkOptions& options, const Counters& counters) {
  Pass pass(std::move(reader), path, offset, options);
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < counters.size(); ++i)
    threads.emplace_back([&pass, counter = counters[i].get()] { pass.work(*counter, false); });
  pass.work(*counters.front(), true);
  for (std::thread& thread : threads) thread.join();
  if (auto failed = pass.result(); !failed) return failed.error();
  return pass.bytes();
}

BulkSummary sum_up(const BalancerView& view, const BulkOptions& options, const Counters& counters) {
  std::vector<const KeyTally*> tallies;
  for (const auto& counter : counters) tallies.push_back(&counter->tally());
  BulkSummary summary = summarize(tallies, std::min<std::size_t>(options.heaviest, 100));
  for (HeavyKey& key : summary.heaviest) key.text = shown_text(view, key.text);
  RequestLints lints;
  for (const auto& counter : counters) {
    summary.lines += counter->lines();
    summary.skipped += counter->skipped();
    lints.add(counter->lints());
  }
  summary.lints = lints.finish(summary.requests);
  summary.stopped = options.stop && options.stop->requested();
  return summary;
}

}  // namespace

Result<BulkSummary> summarize_requests(const Balancer& balancer, const std::string& path,
                                       const BulkOptions& options) {
  return summarize_requests(balancer, std::vector{path}, options);
}

Result<BulkSummary> summarize_requests(const Balancer& balancer, const std::vector<std::string>& paths,
                                       const BulkOptions& options) {
  const BalancerView view(balancer);
  const BalancerState& state = view.state();
  if (state.endpoints.empty())
    return Error{ErrorKind::invalid, "there are no endpoints to send the requests to"};
  if (state.policy.hashes() && state.placement.empty())
    return Error{ErrorKind::unsupported, "these endpoints and sizes cannot be placed: lower the ring's size"};

  const EndpointLookup lookup(state.placement, state.endpoints.size());
  Counters counters(thread_count(options));
  for (auto& counter : counters) counter = std::make_unique<LineCounter>(view, lookup, options);
  std::uint64_t offset = 0;  // of a file in all of them
  for (const std::string& path : paths) {
    auto reader = BlockReader::open(path, options.stop);
    if (!reader) return reader.error();
    const auto counted = count_lines(std::move(*reader), path, offset, options, counters);
    if (!counted) return counted.error();
    offset += *counted;
  }
  return sum_up(view, options, counters);
}

}  // namespace junction
