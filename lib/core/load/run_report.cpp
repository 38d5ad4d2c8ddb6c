#include "junction/run_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "junction/endpoint.hpp"

namespace junction {
namespace {

constexpr double second = 1e9;

template <typename T>
Result<void> must_agree(const char* field, const T& a, const T& b) {
  if (a == b) return {};
  return Error{ErrorKind::invalid, fmt::format("{} differs: {} and {}", field, a, b)};
}

std::string quoted(const std::string& text) {
  return text.empty() ? "none" : fmt::format("\"{}\"", text);
}

Result<void> must_agree(const char* field, const std::string& a, const std::string& b) {
  if (a == b) return {};
  return Error{ErrorKind::invalid, fmt::format("{} differs: {} and {}", field, quoted(a), quoted(b))};
}

Result<void> queries_must_agree(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  if (a.size() != b.size()) {
    return Error{ErrorKind::invalid,
                 fmt::format("plan.queries differs: {} and {} queries", a.size(), b.size())};
  }
  const auto [left, right] = std::mismatch(a.begin(), a.end(), b.begin());
  if (left == a.end()) return {};
  return Error{ErrorKind::invalid, fmt::format("plan.queries[{}] differs: {} and {}", left - a.begin(),
                                               quoted(*left), quoted(*right))};
}

Result<void> shards_must_differ(const RunPlan& a, const RunPlan& b) {
  if (auto same = must_agree("plan.shards", a.shards, b.shards); !same) return same;
  if (a.shards == 1) return {};  // whole runs may be added to each other
  for (const std::uint32_t shard : b.shard) {
    if (std::find(a.shard.begin(), a.shard.end(), shard) != a.shard.end()) {
      return Error{ErrorKind::invalid,
                   fmt::format("plan.shard: {}/{} would be counted twice", shard, b.shards)};
    }
  }
  return {};
}

Result<void> recorders_must_agree(const RecorderOptions& a, const RecorderOptions& b) {
  if (auto same = must_agree("by_query", a.by_query, b.by_query); !same) return same;
  if (auto same = must_agree("by_endpoint", a.by_endpoint, b.by_endpoint); !same) return same;
  if (auto same = must_agree("matrix.rows", a.matrix_rows, b.matrix_rows); !same) return same;
  if (auto same = must_agree("series.max_slots", a.time_slots, b.time_slots); !same) return same;
  return must_agree("series.precision", static_cast<int>(a.slot_precision),
                    static_cast<int>(b.slot_precision));
}

Result<void> can_be_added(const RunReport& a, const RunReport& b) {
  if (auto same = must_agree("plan.url", a.plan.url, b.plan.url); !same) return same;
  if (auto same = must_agree("plan.method", a.plan.method, b.plan.method); !same) return same;
  if (auto same = must_agree("plan.service", a.plan.service, b.plan.service); !same) return same;
  if (auto same = must_agree("plan.policy", a.plan.policy, b.plan.policy); !same) return same;
  if (auto same = must_agree("plan.proxy", a.plan.proxy, b.plan.proxy); !same) return same;
  if (auto same = must_agree("plan.schedule", a.plan.schedule, b.plan.schedule); !same) return same;
  if (auto same = must_agree("plan.duration_ns", a.plan.duration, b.plan.duration); !same) return same;
  if (auto same = must_agree("plan.timeout_ns", a.plan.timeout, b.plan.timeout); !same) return same;
  if (auto same = queries_must_agree(a.plan.queries, b.plan.queries); !same) return same;
  if (auto same = shards_must_differ(a.plan, b.plan); !same) return same;
  return recorders_must_agree(a.recorder, b.recorder);
}

void merge_plans(RunPlan& plan, const RunPlan& other) {
  plan.rate += other.rate;
  plan.connections += other.connections;
  plan.threads += other.threads;
  plan.timer_slack = std::max(plan.timer_slack, other.timer_slack);
  if (plan.shards > 1) {
    plan.shard.insert(plan.shard.end(), other.shard.begin(), other.shard.end());
    std::sort(plan.shard.begin(), plan.shard.end());
  }
}

// Where each of `others` stands in `endpoints`, which takes in those it lacks.
std::vector<std::size_t> match_endpoints(std::vector<std::string>& endpoints,
                                         const std::vector<std::string>& others) {
  std::vector<std::size_t> places;
  for (const std::string& endpoint : others) {
    const auto at = std::find(endpoints.begin(), endpoints.end(), endpoint);
    places.push_back(static_cast<std::size_t>(at - endpoints.begin()));
    if (at == endpoints.end()) endpoints.push_back(endpoint);
  }
  return places;
}

template <typename T>
std::vector<T> moved_to(const std::vector<T>& items, const std::vector<std::size_t>& places) {
  std::vector<T> result;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::size_t place = i < places.size() ? places[i] : i;
    if (place >= result.size()) result.resize(place + 1);
    result[place] = items[i];
  }
  return result;
}

// An endpoint's address orders it as people do: 10.0.0.9 before 10.0.0.10.
bool address_before(const std::string& a, const std::string& b) {
  const auto left = SocketAddress::parse(a), right = SocketAddress::parse(b);
  if (!left || !right) return a < b;
  return std::tie(left->family, left->ip, left->port) < std::tie(right->family, right->ip, right->port);
}

void move_endpoints(Tally& tally, const std::vector<std::size_t>& places) {
  tally.by_endpoint = moved_to(tally.by_endpoint, places);
  for (auto& row : tally.matrix) row = moved_to(row, places);
}

}  // namespace

std::string RunReport::query_name(std::size_t index) const {
  return index < plan.queries.size() ? plan.queries[index] : fmt::format("#{}", index);
}

std::string RunReport::endpoint_name(std::size_t index) const {
  return index < endpoints.size() ? endpoints[index] : fmt::format("#{}", index);
}

double RunReport::sent_rate() const {
  const std::int64_t span = std::max(last_sent, std::min(plan.duration, elapsed));
  return span > 0 ? static_cast<double>(tally.sent()) * second / static_cast<double>(span) : 0;
}

double RunReport::throughput() const {
  return elapsed > 0 ? static_cast<double>(tally.responses()) * second / static_cast<double>(elapsed) : 0;
}

double RunReport::rate_ratio() const {
  if (plan.rate <= 0 || scheduled == 0) return 0;
  const double sent_share = static_cast<double>(tally.sent()) / static_cast<double>(scheduled);
  if (last_due <= 0 || last_sent <= last_due) return sent_share;
  return sent_share * static_cast<double>(last_due) / static_cast<double>(last_sent);
}

bool RunReport::check(const std::vector<Threshold>& asked) {
  thresholds.clear();
  for (const Threshold& threshold : asked) thresholds.push_back(evaluate(threshold, *this));
  return std::all_of(thresholds.begin(), thresholds.end(),
                     [](const ThresholdResult& result) { return result.holds; });
}

Result<void> merge(RunReport& report, const RunReport& other) {
  if (auto possible = can_be_added(report, other); !possible) return possible;
  const std::vector<std::size_t> places = match_endpoints(report.endpoints, other.endpoints);
  Tally tally = other.tally;
  move_endpoints(tally, places);
  report.tally.add(tally);
  merge_plans(report.plan, other.plan);
  if (report.engine != other.engine) report.engine = "mixed";
  if (report.version != other.version) report.version = "mixed";
  if (report.interrupted.empty()) report.interrupted = other.interrupted;
  report.started = std::min(report.started, other.started);
  report.elapsed = std::max(report.elapsed, other.elapsed);
  report.scheduled += other.scheduled;
  report.last_due = std::max(report.last_due, other.last_due);
  report.last_sent = std::max(report.last_sent, other.last_sent);
  report.cpu += other.cpu;
  report.thresholds.clear();
  sort_endpoints(report);
  return {};
}

void sort_endpoints(RunReport& report) {
  if (report.endpoints.size() > max_matrix_columns) return;  // the matrix's last column stands for several
  std::vector<std::string> sorted = report.endpoints;
  std::sort(sorted.begin(), sorted.end(), address_before);
  std::vector<std::size_t> places;
  for (const std::string& endpoint : report.endpoints)
    places.push_back(
        static_cast<std::size_t>(std::find(sorted.begin(), sorted.end(), endpoint) - sorted.begin()));
  move_endpoints(report.tally, places);
  report.endpoints = std::move(sorted);
}

}  // namespace junction
