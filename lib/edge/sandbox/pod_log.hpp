#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "edge/sandbox/access_log.hpp"
#include "edge/sandbox/api.hpp"

namespace junction::sandbox {

/// How a request for a pod's log wants its lines.
struct LogOptions {
  std::int64_t tail = -1;        ///< lines from the end; -1: all
  std::int64_t limit_bytes = 0;  ///< 0: no limit
  std::optional<std::chrono::system_clock::time_point> since;
  bool timestamps = false;
  bool follow = false;
};

Result<LogOptions, Status> parse_log_options(const ApiRequest& request);

/// The last `tail` lines of `lines`, those before `since` left out, as text of at most `limit_bytes`.
std::string log_text(std::vector<AccessLog::Line> lines, const LogOptions& options);

}  // namespace junction::sandbox
