#include "junction/tally.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

namespace junction {
namespace {

constexpr std::int64_t ms = 1'000'000;
constexpr std::int64_t s = 1000 * ms;

constexpr RecorderOptions everything = {
    .by_query = true, .by_endpoint = true, .matrix_rows = 7, .time_slots = 16};

std::vector<Outcome> random_outcomes(std::uint32_t seed, std::size_t n) {
  std::mt19937_64 random(seed);
  std::vector<Outcome> outcomes(n);
  for (std::size_t i = 0; i < n; ++i) {
    Outcome& outcome = outcomes[i];
    outcome.query = static_cast<std::uint32_t>(random() % 20);
    outcome.endpoint = random() % 4 == 0 ? no_endpoint : static_cast<std::uint32_t>(random() % 5);
    constexpr std::uint16_t statuses[] = {200, 200, 200, 404, 500, 503, 0, 1000, 65535};
    outcome.status = statuses[random() % std::size(statuses)];
    outcome.error = random() % 5 == 0 ? static_cast<ErrorType>(random() % error_type_count) : ErrorType::none;
    outcome.due = static_cast<std::int64_t>(i) * 7 * ms;
    outcome.sent = outcome.due + static_cast<std::int64_t>(random() % (5 * ms));
    outcome.done = outcome.sent + static_cast<std::int64_t>(random() % (2 * s));
  }
  return outcomes;
}

std::uint64_t series_total(const TimeSeries& series) {
  std::uint64_t total = 0;
  for (const TimeSlot& slot : series.slots()) total += slot.outcomes.total();
  return total;
}

}  // namespace

TEST_CASE("an error is an error whatever status came with it, and a missing status is a protocol error") {
  CHECK(OutcomeKey(200, ErrorType::none).status() == 200);
  CHECK(OutcomeKey(200, ErrorType::reset).error() == ErrorType::reset);
  CHECK(OutcomeKey(0, ErrorType::none).error() == ErrorType::protocol);
  CHECK(OutcomeKey(1000, ErrorType::none).error() == ErrorType::protocol);
  CHECK(OutcomeKey(999, ErrorType::none).status() == 999);
  CHECK_FALSE(OutcomeKey(399, ErrorType::none).failed());
  CHECK(OutcomeKey(400, ErrorType::none).failed());
  CHECK(OutcomeKey(ErrorType::connect).failed());
  for (std::size_t i = 0; i < error_type_count; ++i) {
    const auto error = static_cast<ErrorType>(i);
    CHECK(error_type_from(to_string(error)) == error);
  }
  CHECK_FALSE(error_type_from("Timeout").has_value());
}

TEST_CASE("response time counts from when a request was due, service time from when it was sent") {
  Recorder recorder;
  recorder.record({.status = 200, .due = 10 * ms, .sent = 15 * ms, .done = 35 * ms});
  recorder.record({.error = ErrorType::timeout, .due = 20 * ms, .sent = 22 * ms, .done = 5 * s});
  const Tally& tally = recorder.tally();
  CHECK(tally.response().max() == 25 * ms);
  CHECK(tally.service.max() == 20 * ms);
  CHECK(tally.response().count() == 1);  // a request without a response has no response time
  CHECK(tally.lateness.count() == 2);
  CHECK(tally.lateness.min() == 2 * ms);
  CHECK(tally.lateness.max() == 5 * ms);
  CHECK(tally.outcomes.count(OutcomeKey(ErrorType::timeout)) == 1);
  CHECK(tally.sent() == 2);
  CHECK(tally.series.slots().size() == 6);
  CHECK(tally.series.slots()[0].sent == 2);
  CHECK(tally.series.slots()[5].outcomes.errors() == 1);
}

TEST_CASE("every breakdown adds up to what was sent") {
  Recorder recorder(everything);
  const auto outcomes = random_outcomes(1, 5000);
  std::uint64_t with_endpoint = 0;
  for (const Outcome& outcome : outcomes) {
    recorder.record(outcome);
    with_endpoint += outcome.endpoint != no_endpoint ? 1 : 0;
  }
  const Tally& tally = recorder.tally();
  CHECK(tally.sent() == outcomes.size());
  CHECK(tally.responses() + tally.errors() == outcomes.size());
  CHECK(tally.response().count() == tally.responses());
  CHECK(tally.service.count() == tally.responses());
  CHECK(tally.lateness.count() == outcomes.size());
  std::uint64_t by_query = 0, by_endpoint = 0, matrix = 0, failed = 0, sent = 0;
  Histogram query_responses;
  for (const Group& group : tally.by_query) {
    by_query += group.outcomes.total();
    query_responses.add(group.response);
  }
  for (const Group& group : tally.by_endpoint) by_endpoint += group.outcomes.total();
  for (const auto& row : tally.matrix) {
    for (const MatrixCell& cell : row) matrix += cell.requests, failed += cell.failed;
  }
  for (const TimeSlot& slot : tally.series.slots()) sent += slot.sent;
  CHECK(by_query == outcomes.size());
  CHECK(query_responses == tally.response());
  CHECK(by_endpoint == with_endpoint);
  CHECK(matrix == with_endpoint);
  CHECK(failed > 0);
  CHECK(tally.matrix.size() ==
        everything.matrix_rows + 1);  // 20 queries: 7 of their own, the others share a row
  CHECK(sent == outcomes.size());
  CHECK(series_total(tally.series) == outcomes.size());
}

TEST_CASE("outcomes recorded in a row count as those recorded one by one") {
  Recorder singly(everything), in_a_row(everything);
  std::vector<Outcome> outcomes;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    outcomes.push_back({.query = i % 7,
                        .endpoint = i % 3 == 0 ? no_endpoint : i % 5,
                        .status = static_cast<std::uint16_t>(i % 11 == 0 ? 500 : 200),
                        .error = i % 13 == 0 ? ErrorType::timeout : ErrorType::none,
                        .due = i * 1'000'000LL,
                        .sent = i * 1'000'000LL + i,
                        .done = i * 1'000'000LL + i * 977LL});
    singly.record(outcomes.back());
  }
  const auto half = std::span(outcomes).first(500);
  in_a_row.record(half);
  in_a_row.record(std::span<const Outcome>{});
  in_a_row.record(std::span(outcomes).subspan(500));
  CHECK(singly.tally() == in_a_row.tally());
}

TEST_CASE("a run recorded in shards and merged equals the same run recorded whole") {
  const auto outcomes = random_outcomes(2, 6000);  // 42 s over 16 slots: the resolution halves on the way
  for (const std::size_t shards : {1U, 2U, 3U, 8U}) {
    CAPTURE(shards);
    Recorder whole(everything), merged(everything);
    std::vector<Recorder> parts(shards, Recorder(everything));
    std::mt19937_64 random(shards);
    for (const Outcome& outcome : outcomes) {
      whole.record(outcome);
      parts[random() % shards].record(outcome);
      if (outcome.due % s == 0) whole.record_retry(), parts[random() % shards].record_retry();
    }
    for (const Recorder& part : parts) merged.add(part);
    CHECK(merged.tally() == whole.tally());
  }
  // A shard that ended early has a finer series than the one that went on.
  Recorder whole(everything), early(everything), late(everything);
  for (const Outcome& outcome : outcomes) {
    whole.record(outcome);
    (outcome.due < 5 * s ? early : late).record(outcome);
  }
  CHECK(early.tally().series.width() < late.tally().series.width());
  early.add(late);
  CHECK(early.tally() == whole.tally());
}

TEST_CASE("a run of any length keeps its slots and loses no request") {
  Recorder recorder({.time_slots = 8});
  std::uint64_t recorded = 0;
  for (std::int64_t time = 1; time > 0 && time < INT64_MAX / 3; time *= 3, ++recorded) {
    recorder.record({.status = 200, .due = time, .sent = time, .done = time + 1});
    CHECK(recorder.tally().series.slots().size() <= 8);
  }
  recorder.record({.status = 200, .due = -s, .sent = -1, .done = INT64_MAX - s});
  CHECK(series_total(recorder.tally().series) == recorded + 1);
  CHECK(recorder.tally().series.slots().size() <= 8);
}

TEST_CASE("an interval holds what came since the last one") {
  Recorder recorder({.intervals = true});
  recorder.record({.status = 200, .due = 0, .sent = 1, .done = 2 * ms});
  recorder.record({.error = ErrorType::connect, .due = 0, .sent = 4, .done = 5});
  const TimeSlot first = recorder.take_interval();
  CHECK(first.outcomes.total() == 2);
  CHECK(first.response.count() == 1);
  CHECK(first.lateness_max == 4);
  CHECK(recorder.take_interval() == TimeSlot());
  CHECK(recorder.tally().sent() == 2);
}

}  // namespace junction
