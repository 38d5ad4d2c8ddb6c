#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace junctionctl::logs {

/// How often each value of one query parameter occurs in an access log.
struct QueryCounts {
  std::map<std::string, std::uint64_t> values;
  std::uint64_t other = 0;  ///< lines without that parameter; values and other add up to the lines

  friend bool operator==(const QueryCounts&, const QueryCounts&) = default;
};

/// Counts the values of `parameter` in access log lines of any format: the first word of a line that is a
/// request target
/// ("/recommendations/?query=red&limit=10", or a whole URL) counts, in quotes or not. Values are
/// form-decoded; of a parameter that repeats the first counts.
QueryCounts count_queries(std::string_view log, std::string_view parameter);

}  // namespace junctionctl::logs
