#include "edge/sandbox/pod_log.hpp"
#include "junction/try.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace junction::sandbox {
namespace {

constexpr std::int64_t longest_ago = 100LL * 366 * 86400;  // seconds: before any log, and no overflow

/// An option's number, from `least` on; nothing where it is not asked for.
Result<std::optional<std::int64_t>, Status> option(const ApiRequest& request, const char* name,
                                                   std::int64_t least) {
  if (!request.query.contains(name)) return std::optional<std::int64_t>();
  JUNCTION_TRY_ASSIGN(const std::int64_t value, request.integer(name));
  if (value >= least) return std::optional(value);
  return invalid(
      "", "PodLogOptions", "",
      {{"FieldValueInvalid",
        fmt::format("Invalid value: {}: must be greater than {}", value, least == 0 ? "or equal to 0" : "0"),
        name}});
}

}  // namespace

Result<LogOptions, Status> parse_log_options(const ApiRequest& request) {
  LogOptions options;
  JUNCTION_TRY_ASSIGN(const auto tail, option(request, "tailLines", 0));
  JUNCTION_TRY_ASSIGN(const auto bytes, option(request, "limitBytes", 1));
  JUNCTION_TRY_ASSIGN(const auto seconds, option(request, "sinceSeconds", 1));
  options.tail = tail.value_or(-1);
  options.limit_bytes = bytes.value_or(0);
  if (seconds)
    options.since = std::chrono::system_clock::now() - std::chrono::seconds(std::min(*seconds, longest_ago));
  options.timestamps = request.flag("timestamps");
  options.follow = request.flag("follow");
  return options;
}

std::string log_text(std::vector<AccessLog::Line> lines, const LogOptions& options) {
  const auto tail = static_cast<std::size_t>(std::max<std::int64_t>(options.tail, 0));
  if (options.tail >= 0 && lines.size() > tail)
    lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(tail));
  std::string text;
  for (const AccessLog::Line& line : lines) {
    if (options.since && line.time < *options.since) continue;
    if (options.timestamps) text += timestamp(line.time) + " ";
    text += line.text + "\n";
  }
  if (options.limit_bytes > 0)
    text.resize(std::min(text.size(), static_cast<std::size_t>(options.limit_bytes)));
  return text;
}

}  // namespace junction::sandbox
