#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "junction/export.hpp"
#include "junction/request.hpp"
#include "junction/result.hpp"

namespace junction {

/// What a line of a requests file is.
enum class LineKind : std::uint8_t {
  blank,
  value,       ///< a bare value of the policy's first QueryParam, not encoded: "pinot noir"
  url,         ///< http://... or https://...
  target,      ///< a request target: /path?query
  json,        ///< {"url":..} or {"hash":..}
  access_log,  ///< common, combined, nginx or uvicorn: the request target was found in the line
  no_request,  ///< a line of such a log that holds no request
};

/// A line taken apart. Views into the line.
struct RequestLine {
  LineKind kind = LineKind::blank;
  std::string_view
      text;  ///< the value, URL, target or JSON, without the line's end; a value keeps its spaces
  std::string_view method;     ///< access logs only
  std::string_view source_ip;  ///< access logs only
  bool escaped = false;        ///< the log wrote some bytes of the target as \xHH: see unescape_log()
};

/// Never fails: what is nothing else is a bare value.
JUNCTION_EXPORT RequestLine classify_line(std::string_view line);

/// A target as it was sent, from how nginx and Apache log it: \xHH, \" and \\ are the bytes they stand for.
JUNCTION_EXPORT std::string unescape_log(std::string_view text);

/// The request a line stands for. Either a URL (or target) and headers, or only its hash.
struct LineRequest {
  std::string url;
  std::string method;                ///< empty: the line does not say
  std::optional<std::string> value;  ///< the line is this bare value, and `url` is made of it
  std::string source_ip;
  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<std::uint64_t> hash;

  /// As a Request, of method GET where the line says none; `room` holds what it refers to beside this object.
  [[nodiscard]] JUNCTION_EXPORT Request request(std::vector<Header>& room) const;
};

/// The request of a line; nothing for a blank line or one without a request. `parameter` is the name a bare
/// value is the value of: the policy's first QueryParam; empty: it has none, and a bare value is an error.
/// Fails on JSON of another shape and URLs that are none, naming the text; the caller knows the line's
/// number.
JUNCTION_EXPORT Result<std::optional<LineRequest>> parse_request_line(std::string_view line,
                                                                      std::string_view parameter);

/// The same of a line that has been classified already.
JUNCTION_EXPORT Result<std::optional<LineRequest>> parse_request_line(const RequestLine& line,
                                                                      std::string_view parameter);

}  // namespace junction
