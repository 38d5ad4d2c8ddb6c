#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bulk/key_tally.hpp"
#include "core/bulk/plain_keys.hpp"
#include "edge/bulk/block_reader.hpp"
#include "junction/balancer.hpp"
#include "junction/bulk.hpp"
#include "junction/lint.hpp"
#include "junction/request_line.hpp"
#include "junction/result.hpp"

namespace junction {

/// A line that could not be understood: which of its block, from 0, and why.
struct BadLine {
  std::size_t line = 0;
  Error error;
};

/// Counts the lines of blocks, for one thread. Bare values that the implementation hashes as they are take a
/// short way of their own; every other line becomes a Request.
class LineCounter {
 public:
  /// All arguments outlive this object.
  LineCounter(const BalancerView& view, const EndpointLookup& lookup, const BulkOptions& options);

  /// Counts every line of a block, which has line_scan_slack bytes behind its text; what cannot be understood
  /// ends it.
  std::optional<BadLine> add(const LineBlock& block);

  [[nodiscard]] const KeyTally& tally() const { return tally_; }
  [[nodiscard]] const RequestLints& lints() const { return lints_; }
  [[nodiscard]] std::uint64_t lines() const { return lines_; }
  [[nodiscard]] std::uint64_t skipped() const { return skipped_; }

 private:
  Result<void> add_line(std::string_view line);
  Result<void> add_parsed(const RequestLine& line);
  void add_request(Request request, std::string_view text);

  const BalancerView& view_;
  const BulkOptions& options_;
  std::string parameter_;
  bool bare_values_;
  KeyTally tally_;
  PlainKeys<KeyTally> plain_;
  RequestLints lints_;
  std::uint64_t position_ = 0;  ///< of the line at hand, in the file
  std::uint64_t lines_ = 0;
  std::uint64_t skipped_ = 0;
  std::string value_;                ///< room for a long value and the byte behind it
  std::vector<Header> headers_;      ///< room for a request's
  std::vector<Header> all_headers_;  ///< and for those together with what goes with every request
};

}  // namespace junction
