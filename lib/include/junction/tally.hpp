#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "junction/export.hpp"
#include "junction/histogram.hpp"
#include "junction/outcome.hpp"
#include "junction/time_series.hpp"

namespace junction {

/// `Outcome::endpoint` of a request that went through a front, which alone knows the endpoint.
inline constexpr std::uint32_t no_endpoint = UINT32_MAX;

/// An endpoint past this shares the last column of Tally::matrix: the matrix is for looking at.
inline constexpr std::uint32_t max_matrix_columns = 1024;

/// How one request ended. Times are nanoseconds since the start of the run.
struct Outcome {
  std::uint32_t query = 0;  ///< index into the run's queries
  std::uint32_t endpoint = no_endpoint;
  std::uint16_t status = 0;  ///< HTTP status, 0 when no response arrived; ignored when `error` is set
  ErrorType error = ErrorType::none;
  std::int64_t due = 0;   ///< when the schedule wanted it sent
  std::int64_t sent = 0;  ///< when it was (or, for one that never left, when that was given up)
  std::int64_t done = 0;  ///< when the response was complete, or the error seen
};

/// What is kept beyond the totals, and how much of it: the bounds on a Recorder's memory.
struct RecorderOptions {
  bool by_query = false;     ///< codes and percentiles of each query: some 100 bytes for each, more with use
  bool by_endpoint = false;  ///< codes and percentiles of each endpoint
  bool intervals = false;    ///< fill take_interval()
  std::uint32_t matrix_rows =
      0;  ///< queries told apart in the query-by-endpoint matrix; the others share a last row
  std::uint32_t time_slots = 512;  ///< even; when a run outgrows them, each comes to stand for twice the time
  Precision slot_precision = Precision::two_digits;  ///< of the response times in each slot

  friend bool operator==(const RecorderOptions&, const RecorderOptions&) = default;
};

/// The requests of one query, or of one endpoint.
struct Group {
  OutcomeCounts outcomes;
  Histogram response;  ///< response times of those that got a response

  void add(const Group& other);
  friend bool operator==(const Group&, const Group&) = default;
};

/// The responses with one status code.
struct CodeGroup {
  std::uint16_t status = 0;
  Histogram response;

  friend bool operator==(const CodeGroup&, const CodeGroup&) = default;
};

/// One field of the query-by-endpoint matrix.
struct MatrixCell {
  std::uint64_t requests = 0;
  std::uint64_t failed = 0;  ///< no response, or a status of 400 and above

  friend bool operator==(const MatrixCell&, const MatrixCell&) = default;
};

/// All that was counted, as values. sent = responses + errors holds at every moment: a request is one count
/// in `outcomes`, whatever became of it.
struct JUNCTION_EXPORT Tally {
  OutcomeCounts outcomes;
  std::uint64_t retried = 0;       ///< requests that went out twice, see Recorder::record_retry()
  std::vector<CodeGroup> by_code;  ///< ascending by status; together they are response()
  Histogram service;               ///< done - sent, of those that got a response
  Histogram lateness;              ///< sent - due, of every request
  std::vector<Group> by_query;     ///< by index; empty unless asked for
  std::vector<Group> by_endpoint;  ///< by index; empty unless asked for
  std::vector<std::vector<MatrixCell>>
      matrix;  ///< [query][endpoint], ragged; the last row may be "all others"
  TimeSeries series;

  /// done - due, of those that got a response: what a user who came on schedule waited, late starts included
  /// (free of coordinated omission).
  [[nodiscard]] Histogram response() const;

  [[nodiscard]] std::uint64_t sent() const { return outcomes.total(); }
  [[nodiscard]] std::uint64_t responses() const { return outcomes.responses(); }
  [[nodiscard]] std::uint64_t errors() const { return outcomes.errors(); }

  /// Adds another part of the same run: indices of queries and endpoints must mean the same in both.
  void add(const Tally& other);
  friend bool operator==(const Tally&, const Tally&) = default;
};

/// Counts outcomes as they come. One per thread, nothing shared; merged with add() at the end.
///
///   junction::Recorder recorder({.by_query = true});
///   recorder.record({.query = 3, .status = 200, .due = 0, .sent = 900, .done = 1'250'000});
///
/// record() takes some tens of nanoseconds and allocates only while something is seen for the first time.
/// Memory is bounded for a run of any length: by the options, and by the number of queries and endpoints
/// where those are on.
class JUNCTION_EXPORT Recorder {
 public:
  explicit Recorder(RecorderOptions options = {});

  void record(const Outcome& outcome);
  /// The same for many, in less time each: the tables are fetched ahead.
  void record(std::span<const Outcome> outcomes);
  /// A request under way is sent once more, because the server had closed the idle connection it went out on.
  /// It stays one request with one outcome, though the server may have seen it twice.
  void record_retry() { ++tally_.retried; }
  void add(const Recorder& other) { tally_.add(other.tally_); }

  [[nodiscard]] const Tally& tally() const { return tally_; }
  [[nodiscard]] Tally take() && { return std::move(tally_); }
  [[nodiscard]] const RecorderOptions& options() const { return options_; }

  /// What was recorded since the last call, for a live line; empty unless options().intervals.
  [[nodiscard]] TimeSlot take_interval();

 private:
  void prefetch(const Outcome& outcome) const;
  void record_matrix(const Outcome& outcome, OutcomeKey key);
  CodeGroup& code_group(std::uint16_t status);

  RecorderOptions options_;
  Tally tally_;
  TimeSlot interval_;
  std::size_t last_code_ = 0;  // runs mostly repeat one code
};

}  // namespace junction
