#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "junction/balancer.hpp"
#include "junction/export.hpp"
#include "junction/lint.hpp"
#include "junction/result.hpp"
#include "junction/stop.hpp"

namespace junction {

struct BulkProgress {
  std::uint64_t bytes = 0;        ///< read so far
  std::uint64_t total_bytes = 0;  ///< of the file; 0: unknown (a pipe)
};

struct BulkOptions {
  /// What goes with every request: headers in front of its own, and the source address of those without one.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string source_ip;
  unsigned threads = 0;       ///< 0: one a core, at most 8
  std::size_t heaviest = 10;  ///< how many keys to name, at most 100
  /// Called from the calling thread, ten times a second at most.
  std::function<void(const BulkProgress&)> progress;
  const Stop* stop = nullptr;  ///< once requested (SIGINT), what was read so far is summed up
};

/// What one endpoint gets of a file's requests.
struct BulkEndpoint {
  std::uint64_t requests = 0;
  std::uint64_t keys = 0;       ///< distinct request hashes
  double share_by_arc = 0;      ///< of the hash space
  double share_by_key = 0;      ///< of the distinct keys
  double share_by_traffic = 0;  ///< of the requests that have a key
};

/// One of the keys with the most requests.
struct HeavyKey {
  std::string text;  ///< what was hashed, as far as it can be shown: the value, or else the line
  std::uint64_t hash = 0;
  std::uint32_t endpoint = 0;
  std::uint64_t requests = 0;   ///< at most this many
  std::uint64_t overcount = 0;  ///< and at least `requests - overcount`
};

/// A whole file in a few numbers, in the order of the balancer's endpoints. Sums hold: `requests` is the
/// endpoints' requests, `random` and `unknown` together; `lines` is `requests` and `skipped`.
struct BulkSummary {
  std::vector<BulkEndpoint> endpoints;
  std::uint64_t lines = 0;
  std::uint64_t requests = 0;
  std::uint64_t random = 0;   ///< requests for which no policy yields a value (round robin: all)
  std::uint64_t unknown = 0;  ///< requests of which too little is known to say (PickReason::unknown)
  std::uint64_t skipped = 0;  ///< blank lines, and log lines without a request
  std::uint64_t distinct_keys = 0;
  bool distinct_exact =
      true;  ///< up to 65,536 keys; beyond, estimated from a sample, within 1% two times in three
  std::vector<HeavyKey> heaviest;
  std::vector<Lint> lints;  ///< what is remarkable about the requests (docs/lints.md), but not about their
                            ///< values' encoding where they come as bare values
  bool stopped = false;     ///< `stop` was requested before the end
};

/// Sums up where a file's requests go; "-" is standard input. Lines are as parse_request_line() takes them; a
/// bare value is one of the policy's first QueryParam, or of "query" where it has none.
/// Reads in blocks, so memory is bounded whatever the file's size; distinct keys are counted by a sample of
/// hashes (Gibbons, VLDB 2001), heavy ones by filtered space-saving (Homem and Carvalho, Information Sciences
/// 2010). Errors name the file and the line by number.
JUNCTION_EXPORT Result<BulkSummary> summarize_requests(const Balancer& balancer, const std::string& path,
                                                       const BulkOptions& options = {});
/// The same for several files together, one after the other.
JUNCTION_EXPORT Result<BulkSummary> summarize_requests(const Balancer& balancer,
                                                       const std::vector<std::string>& paths,
                                                       const BulkOptions& options = {});

}  // namespace junction
