#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "junction/export.hpp"
#include "junction/result.hpp"

namespace junction {

/// An IP address and port: what a client connects to, and what Junction hashes. A small value, cheap to copy.
struct JUNCTION_EXPORT SocketAddress {
  enum class Family : std::uint8_t { v4, v6 };

  Family family = Family::v4;
  std::uint16_t port = 0;
  std::array<std::uint8_t, 16> ip{};  ///< network byte order; IPv4 uses the first four bytes
  std::uint32_t flow_info = 0;        ///< IPv6 only
  std::uint32_t scope_id = 0;         ///< IPv6 only

  /// "10.42.0.17:80" or "[fd00::17]:80"; a numeric zone ("[fe80::1%3]:80") becomes the scope id. Names are
  /// refused.
  static Result<SocketAddress> parse(std::string_view text);
  /// The same from its two halves, as EndpointSlices keep them.
  static Result<SocketAddress> parse(std::string_view ip, std::uint16_t port);

  [[nodiscard]] std::string ip_string() const;  ///< no brackets, no port
  [[nodiscard]] std::string to_string() const;  ///< parse() of it gives the same value back

  friend bool operator==(const SocketAddress&, const SocketAddress&) = default;
  friend auto operator<=>(const SocketAddress&, const SocketAddress&) = default;
};

/// A backend's address and what is known of it. Implementations differ in which of these they look at:
/// Junction only at the address; Envoy also at weight, hash_key and hostname.
struct Endpoint {
  SocketAddress address;
  std::uint32_t weight = 1;
  std::string hash_key;  ///< Envoy's metadata envoy.lb.hash_key; empty: none
  std::string hostname;
  std::string pod;   ///< name of the Pod behind it, where an EndpointSlice says so
  std::string zone;  ///< topology zone, where an EndpointSlice says so
  bool ready = true;
  bool serving = true;
  bool terminating = false;

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

}  // namespace junction

template <>
struct std::hash<junction::SocketAddress> {
  JUNCTION_EXPORT std::size_t operator()(const junction::SocketAddress& address) const noexcept;
};
