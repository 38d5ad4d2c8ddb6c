#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "core/bulk/logs/log_line.hpp"

namespace junction {

/// Where the columns of a W3C log stand, by its "#Fields:" line.
struct W3cColumns {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::size_t method = none, stem = none, query = none, host = none, host_header = none, user_agent = none,
              referer = none, source = none, forwarded_for = none, date = none, time = none;
  bool tabs = false;

  /// As "#Fields: date time c-ip ..." says; `tabs`: columns are kept apart by tabs, as CloudFront has it.
  static W3cColumns of(std::string_view fields, bool tabs);
  /// CloudFront's standard log, which a piece of a file need not name.
  static W3cColumns cloudfront();
};

/// One reader a family of formats. Each says what a line is to it and fills in what it holds; a line is
/// without what was wrapped around it (see log_wrapper.hpp).
LineIs read_common(std::string_view line, LogLine& into);
LineIs read_envoy(std::string_view line, LogLine& into);
LineIs read_haproxy(std::string_view line, LogLine& into);
LineIs read_alb(std::string_view line, LogLine& into);
LineIs read_uvicorn(std::string_view line, LogLine& into);
LineIs read_w3c(std::string_view line, const W3cColumns& columns, LogLine& into);
LineIs read_logfmt(std::string_view line, LogLine& into);
/// Any line whose first quoted text is a request.
LineIs read_quoted(std::string_view line, LogLine& into);
/// Any line with a method and a target as words.
LineIs read_words(std::string_view line, LogLine& into);

}  // namespace junction
