#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "junction/export.hpp"
#include "junction/result.hpp"

namespace junction {

/// An absolute http or https URL, taken apart. Nothing is decoded.
struct JUNCTION_EXPORT Url {
  std::string scheme;  ///< "http" or "https"
  std::string host;    ///< without brackets
  std::uint16_t port = 80;
  std::string target;  ///< path and query as sent ("/" at least), no fragment

  /// Refuses, naming the text: a missing or other scheme, spaces and control characters, user info, a bad
  /// port.
  static Result<Url> parse(std::string_view text);

  [[nodiscard]] std::string authority()
      const;  ///< host[:port], the port only where it is not the scheme's own
  [[nodiscard]] std::string to_string() const;

  friend bool operator==(const Url&, const Url&) = default;
};

/// `text` with everything but unreserved characters (RFC 3986) as %XX: Python's urllib.parse.quote with
/// safe="".
JUNCTION_EXPORT std::string percent_encode(std::string_view text);

/// `url` with "..." in place of "user:password" in front of its host, for messages and logs: whatever the text
/// is, what may be a password of it is not shown.
JUNCTION_EXPORT std::string masked_url(std::string_view url);

/// A name or value as browsers write it into an application/x-www-form-urlencoded query: a space is '+'.
/// form_decode() of it gives the text back.
JUNCTION_EXPORT std::string form_encode(std::string_view text);

/// A name or value of an application/x-www-form-urlencoded query, decoded: '+' is a space, %XX a byte,
/// invalid UTF-8 becomes U+FFFD. Source: WHATWG URL, section 5.1; Junction decodes with the Rust crate
/// form_urlencoded.
JUNCTION_EXPORT std::string form_decode(std::string_view text);

}  // namespace junction
