#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "junction/result.hpp"

namespace junction::sandbox {

/// Bytes of a request's head that a server reads, and header lines in it.
inline constexpr std::size_t longest_head = 32 * 1024;
inline constexpr std::size_t most_headers = 100;

/// Why a request is not answered by its handler: a status, and a sentence for whoever sent it.
struct HttpRefusal {
  int status = 400;
  std::string why;
};

/// An HTTP/1.x request, as a handler sees it.
struct HttpRequest {
  std::string method;
  std::string target;                             ///< origin-form, as sent: "/wines?query=red"
  std::string path;                               ///< decoded, without the query
  std::multimap<std::string, std::string> query;  ///< decoded as a form
  std::string
      host;  ///< without a port, lower case; of an absolute-form target where there is one (RFC 9112, 3.2.2)
  std::vector<std::pair<std::string, std::string>> headers;  ///< names as sent
  std::string body;                                          ///< empty where the server does not want it
  bool too_long = false;  ///< the body has more bytes than the server takes, and is not here
  std::string peer;       ///< "127.0.0.1:43121"

  // Where it ends, and what comes after it (RFC 9112, 6).
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool keep_alive = true;
  bool expects_continue = false;
  bool http_1_0 = false;

  /// The first header of that name, whatever its letters' case; empty where there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
  /// The first value of a query parameter; empty where it is not there.
  [[nodiscard]] std::string parameter(const std::string& name) const;
  [[nodiscard]] bool has_body() const { return chunked || content_length.value_or(0) > 0; }
};

/// Where the head that `bytes` begin with ends (after its empty line); nothing where it goes on.
std::optional<std::size_t> end_of_head(std::string_view bytes);

/// Reads a head, empty line included. What leaves in doubt where the request ends is refused: two lengths, a
/// length beside Transfer-Encoding, codings but chunked, folded lines, white space before a colon. A bare LF
/// ends a line (RFC 9112, 2.2). The target may hold any byte but space and LF.
Result<HttpRequest, HttpRefusal> parse_request_head(std::string_view head);

/// A target as it may stand in a log: control characters, spaces, quotes and what is not ASCII as %XX.
std::string loggable(std::string_view target);

}  // namespace junction::sandbox
