#include "junction/tally.hpp"

#include <algorithm>
#include <utility>

namespace junction {
namespace {

template <typename T>
T& grown(std::vector<T>& items, std::size_t index) {
  if (index >= items.size()) [[unlikely]]
    items.resize(index + 1);
  return items[index];
}

std::vector<CodeGroup>::iterator find_code(std::vector<CodeGroup>& groups, std::uint16_t status) {
  const auto at =
      std::lower_bound(groups.begin(), groups.end(), status,
                       [](const CodeGroup& group, std::uint16_t wanted) { return group.status < wanted; });
  if (at != groups.end() && at->status == status) return at;
  return groups.insert(at, {status, Histogram()});
}

void add_groups(std::vector<Group>& groups, const std::vector<Group>& others) {
  for (std::size_t i = 0; i < others.size(); ++i) grown(groups, i).add(others[i]);
}

void record_group(Group& group, OutcomeKey key, std::int64_t response) {
  group.outcomes.record(key);
  if (!key.is_error()) group.response.record(response);
}

}  // namespace

void Group::add(const Group& other) {
  outcomes.add(other.outcomes);
  response.add(other.response);
}

Histogram Tally::response() const {
  Histogram all;
  for (const CodeGroup& group : by_code) all.add(group.response);
  return all;
}

void Tally::add(const Tally& other) {
  outcomes.add(other.outcomes);
  retried += other.retried;
  for (const CodeGroup& group : other.by_code) find_code(by_code, group.status)->response.add(group.response);
  service.add(other.service);
  lateness.add(other.lateness);
  add_groups(by_query, other.by_query);
  add_groups(by_endpoint, other.by_endpoint);
  for (std::size_t row = 0; row < other.matrix.size(); ++row) {
    for (std::size_t column = 0; column < other.matrix[row].size(); ++column) {
      MatrixCell& cell = grown(grown(matrix, row), column);
      cell.requests += other.matrix[row][column].requests;
      cell.failed += other.matrix[row][column].failed;
    }
  }
  series.add(other.series);
}

Recorder::Recorder(RecorderOptions options) : options_(options) {
  tally_.series = TimeSeries(std::max(2U, options.time_slots & ~1U), options.slot_precision);
}

void Recorder::record(const Outcome& outcome) {
  const OutcomeKey key(outcome.status, outcome.error);
  const std::int64_t lateness = outcome.sent - outcome.due;
  const std::int64_t response = outcome.done - outcome.due;
  tally_.outcomes.record(key);
  tally_.lateness.record(lateness);
  TimeSlot& start = tally_.series.at(outcome.sent);
  ++start.sent;
  if (lateness > start.lateness_max) start.lateness_max = lateness;
  TimeSlot& end = tally_.series.at(outcome.done);
  end.outcomes.record(key);
  if (!key.is_error()) {
    tally_.service.record(outcome.done - outcome.sent);
    code_group(key.status()).response.record(response);
    end.response.record(response);
  }
  if (options_.by_query) record_group(grown(tally_.by_query, outcome.query), key, response);
  if (outcome.endpoint != no_endpoint) {
    if (options_.by_endpoint) record_group(grown(tally_.by_endpoint, outcome.endpoint), key, response);
    if (options_.matrix_rows > 0) record_matrix(outcome, key);
  }
  if (!options_.intervals) return;
  ++interval_.sent;
  interval_.outcomes.record(key);
  interval_.lateness_max = std::max(interval_.lateness_max, lateness);
  if (!key.is_error()) interval_.response.record(response);
}

void Recorder::record(std::span<const Outcome> outcomes) {
  constexpr std::size_t ahead = 4;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (i + ahead < outcomes.size()) prefetch(outcomes[i + ahead]);
    record(outcomes[i]);
  }
}

void Recorder::prefetch(const Outcome& outcome) const {
  const std::int64_t response = outcome.done - outcome.due;
  tally_.service.prefetch(outcome.done - outcome.sent);
  if (last_code_ < tally_.by_code.size()) tally_.by_code[last_code_].response.prefetch(response);
  if (outcome.query < tally_.by_query.size()) tally_.by_query[outcome.query].response.prefetch(response);
  if (outcome.endpoint < tally_.by_endpoint.size())
    tally_.by_endpoint[outcome.endpoint].response.prefetch(response);
}

CodeGroup& Recorder::code_group(std::uint16_t status) {
  std::vector<CodeGroup>& groups = tally_.by_code;
  if (last_code_ >= groups.size() || groups[last_code_].status != status) {
    const auto found = find_code(groups, status);
    last_code_ = static_cast<std::size_t>(found - groups.begin());
  }
  return groups[last_code_];
}

void Recorder::record_matrix(const Outcome& outcome, OutcomeKey key) {
  const std::uint32_t row = std::min(outcome.query, options_.matrix_rows);
  const std::uint32_t column = std::min(outcome.endpoint, max_matrix_columns - 1);
  MatrixCell& cell = grown(grown(tally_.matrix, row), column);
  ++cell.requests;
  cell.failed += key.failed() ? 1U : 0U;
}

TimeSlot Recorder::take_interval() {
  return std::exchange(interval_, TimeSlot());
}

}  // namespace junction
