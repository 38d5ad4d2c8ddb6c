#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace junction {

/// How a log writes the bytes that would end a field of its own.
enum class Escapes : std::uint8_t {
  none,
  backslash,  ///< \xHH, \" and the like: nginx, Apache
  hash,       ///< #HH: HAProxy
  percent,    ///< %HH, in header fields alone: CloudFront
  plus,       ///< '+' for a space, in header fields alone: IIS
};

/// What a line of an access log says of a request: views into the line, escaped as it is there. Of a header
/// nothing means that this log does not record it, and an empty text that the request had none.
struct LogLine {
  std::string_view method;
  std::string_view target;                ///< as asked for: a path with its query, or a whole URL
  std::optional<std::string_view> query;  ///< where the log keeps it apart from the path
  std::optional<std::string_view> host;   ///< host[:port]
  std::optional<std::string_view> user_agent;
  std::optional<std::string_view> referer;
  std::optional<std::string_view> forwarded_for;
  std::string_view source;    ///< the client's IP address, without port; empty: not recorded
  std::string_view upstream;  ///< who answered, as the log names it; empty: not recorded, or nobody
  std::string_view time;
  Escapes escapes = Escapes::backslash;
  std::string_view variant;  ///< the name of the format, where its family has several
};

/// What a line is to the log that it stands in.
enum class LineIs : std::uint8_t {
  foreign,     ///< none of its entries: a start-up message, a stack trace
  no_request,  ///< an entry for what was no request
  request,
};

/// The bytes that an escaped text stands for.
std::string unescaped(std::string_view text, Escapes escapes, bool is_header);

/// The address in "192.0.2.1", "192.0.2.1:5432", "[2001:db8::1]:5432", "2001:db8::1" or "fe80::1%eth0"; empty
/// where that is no IP address, whatever its letters.
std::string_view ip_address_in(std::string_view text);

/// "METHOD target HTTP/version", as logs quote it; false for anything else.
bool read_request(std::string_view text, LogLine& into);

/// "-" is how logs write what is not there.
inline std::string_view or_none(std::string_view text) {
  return text == "-" ? std::string_view{} : text;
}

}  // namespace junction
