#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "junction/export.hpp"
#include "junction/result.hpp"
#include "junction/url.hpp"

namespace junction {

/// An HTTP proxy between a client and the host of its URL.
struct JUNCTION_EXPORT Proxy {
  std::string host;  ///< without brackets
  std::uint16_t port = 0;
  std::string credentials;  ///< "user:password", decoded; empty: none. A secret

  /// "http://[user:password@]host[:port]", or the same without its scheme; port 1080 where none is named, as
  /// with curl. Refuses SOCKS and https proxies.
  static Result<Proxy> parse(std::string_view text);

  [[nodiscard]] std::string authority() const;  ///< host:port, and nothing secret

  friend bool operator==(const Proxy&, const Proxy&) = default;
};

/// A variable of the environment; empty where it is not set.
using Variable = std::function<std::string(const char* name)>;

/// The proxy that the environment names for `url`, by curl's rules: http_proxy (in lower case only: a CGI
/// script's client sets the other), https_proxy, all_proxy, and the hosts of no_proxy that none is used for.
/// This machine itself is never asked through one. Fails where the variable is no proxy to use here.
JUNCTION_EXPORT Result<std::optional<Proxy>> environment_proxy(const Url& url, const Variable& variable);

/// Whether a URL's host (brackets or not) is this machine itself: localhost and names below it in any case,
/// 127.0.0.0/8 and ::1, also as ::ffff:127.0.0.1. Addresses are parsed: 127.example.com is a name like any
/// other.
JUNCTION_EXPORT bool is_this_machine(std::string_view host);

/// Whether a no_proxy list names the host: "*", the name, a domain it lies in, its address or a range of
/// addresses (10.0.0.0/8).
JUNCTION_EXPORT bool bypasses_proxy(std::string_view no_proxy, std::string_view host);

}  // namespace junction
