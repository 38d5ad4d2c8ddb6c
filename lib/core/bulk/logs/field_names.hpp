#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace junction {

/// What a named field of a structured log (JSON, logfmt) holds.
enum class LogField : std::uint8_t {
  request,  ///< a whole request line
  target,   ///< a path with its query, or a URL
  path,     ///< one that may be without its query
  query,
  method,
  host,
  user_agent,
  referer,
  source,
  forwarded_for,
  upstream,
  time,
};
inline constexpr std::size_t log_field_count = 12;

/// What a field of that name holds, and which of several of one kind is to be taken: the one with the lowest
/// rank. Nested names have dots between: "request.uri". Case, '_', '-' and '@' make no difference.
struct NamedField {
  LogField field = LogField::target;
  std::size_t rank = 0;
};
std::optional<NamedField> field_named(std::string_view name);

/// "path", "host", ...: how --field names what it is told about; nothing: it is the name of a header.
std::optional<LogField> field_to_map(std::string_view name);

/// Whether objects of that name only wrap what a log says: "log", "jsonPayload".
bool is_wrapper_name(std::string_view name);

}  // namespace junction
