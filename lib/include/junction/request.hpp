#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "junction/export.hpp"

namespace junction {

/// A header as it goes over the wire: names compare case-insensitively, values are bytes.
struct Header {
  std::string_view name;
  std::string_view value;
};

/// What a client looks at to place a request. Holds views only: whoever makes one keeps the text alive.
struct Request {
  std::string_view url;  ///< absolute, or only a target ("/path?query"); a fragment is ignored
  std::span<const Header> headers;
  std::string_view method = "GET";
  std::string_view source_ip;  ///< without port; empty: unknown
  std::string_view authority;  ///< host[:port] that a mere target was asked of; empty: unknown
  /// Of a request that somebody wrote down: the names of the headers that he writes down where a request has
  /// them. Of others nobody knows whether the request had them. Nothing: it is known of all.
  std::optional<std::span<const std::string_view>> recorded;
};

/// The query string of `url`: all between the first '?' and the fragment. Nothing if there is no '?' at all,
/// which is not the same as an empty query: Junction hashes the two differently.
JUNCTION_EXPORT std::optional<std::string_view> query_of(std::string_view url);

}  // namespace junction
