#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "core/bulk/logs/families.hpp"
#include "core/bulk/logs/log_line.hpp"

namespace junction {

/// Formats that one reader reads. From the particular to the general: where several read a line, the first
/// here knows most about it.
enum class LogFamily : std::uint8_t {
  alb,
  haproxy,
  envoy,
  common,
  uvicorn,
  w3c,
  logfmt,
  quoted,
  words,
  json
};
inline constexpr std::size_t log_family_count = 10;

struct LogFormat {
  std::string_view name;   ///< for --log-format
  std::string_view title;  ///< "reading access.log as <title> lines"
  LogFamily family;
};

std::span<const LogFormat> log_formats();
const LogFormat* find_log_format(std::string_view name);

/// Reads a line, unwrapped, as one of this family; not for JSON.
LineIs read_log_line(LogFamily family, const W3cColumns& columns, std::string_view line, LogLine& into);

/// Finds out what a file is, from the lines of its beginning.
class LogDetector {
 public:
  /// A line of text as it stands in the file; `inner` is what is left of it unwrapped.
  void add(std::string_view line, std::string_view inner);
  /// A line of JSON: what somebody wrote as a request, an entry of a log, or something else.
  enum class Json : std::uint8_t { request, entry, other };
  void add(Json json);

  /// The format, or null for a file that is no log: values, URLs, requests.
  [[nodiscard]] const LogFormat* format() const;
  [[nodiscard]] const W3cColumns& columns() const { return columns_; }

 private:
  bool add_directive(std::string_view line);
  void add_text(std::string_view line, std::string_view inner);
  [[nodiscard]] bool is_log() const;

  std::array<std::uint64_t, log_family_count> hits_{};
  std::map<std::string, std::uint64_t, std::less<>> variants_;
  std::uint64_t entries_ = 0;   ///< lines that some family reads
  std::uint64_t requests_ = 0;  ///< lines that are requests as people write them: URLs, targets, JSON
  std::uint64_t values_ = 0;    ///< lines that may be values
  std::uint64_t noise_ = 0;     ///< lines such as only logs have
  W3cColumns columns_ = W3cColumns::cloudfront();
  std::string fields_;  ///< of a W3C log, until a line shows what is between its columns
};

}  // namespace junction
