#include "junction/endpoint.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <cstring>

#include "junction/ascii.hpp"
#include "junction/hash.hpp"

namespace junction {
namespace {

// inet_pton wants a terminated string; no valid address is longer than this.
bool parse_ip(int family, std::string_view text, void* to) {
  char buffer[INET6_ADDRSTRLEN];
  if (text.empty() || text.size() >= sizeof buffer || text.find('\0') != std::string_view::npos) return false;
  std::memcpy(buffer, text.data(), text.size());
  buffer[text.size()] = '\0';
  return inet_pton(family, buffer, to) == 1;
}

Error bad_address(std::string_view text) {
  return {
      ErrorKind::usage,
      fmt::format("'{}' is not an endpoint address: write IP:PORT, such as 10.42.0.17:80 or [fd00::17]:80",
                  text)};
}

}  // namespace

Result<SocketAddress> SocketAddress::parse(std::string_view ip, std::uint16_t port) {
  SocketAddress address;
  address.port = port;
  if (parse_ip(AF_INET, ip, address.ip.data())) return address;
  address.family = Family::v6;
  const std::size_t percent = ip.find('%');
  const bool scoped = percent != std::string_view::npos;
  const auto scope =
      scoped ? whole_number<std::uint32_t>(ip.substr(percent + 1)) : std::optional<std::uint32_t>(0);
  if (!scope) return bad_address(ip);
  address.scope_id = *scope;
  if (!parse_ip(AF_INET6, ip.substr(0, percent), address.ip.data())) return bad_address(ip);
  return address;
}

Result<SocketAddress> SocketAddress::parse(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return bad_address(text);
  const auto port = whole_number<std::uint16_t>(text.substr(colon + 1));
  if (!port) return bad_address(text);
  std::string_view ip = text.substr(0, colon);
  const bool bracketed = ip.size() > 2 && ip.front() == '[' && ip.back() == ']';
  if (bracketed) ip = ip.substr(1, ip.size() - 2);
  auto address = parse(ip, *port);
  if (!address || (address->family == Family::v6) != bracketed) return bad_address(text);
  return address;
}

std::string SocketAddress::ip_string() const {
  char buffer[INET6_ADDRSTRLEN];
  const int af = family == Family::v4 ? AF_INET : AF_INET6;
  std::string text = inet_ntop(af, ip.data(), buffer, sizeof buffer);
  if (scope_id != 0) text += fmt::format("%{}", scope_id);
  return text;
}

std::string SocketAddress::to_string() const {
  return family == Family::v4 ? fmt::format("{}:{}", ip_string(), port)
                              : fmt::format("[{}]:{}", ip_string(), port);
}

}  // namespace junction

std::size_t std::hash<junction::SocketAddress>::operator()(
    const junction::SocketAddress& address) const noexcept {
  const std::string_view ip(reinterpret_cast<const char*>(address.ip.data()), address.ip.size());
  return junction::xxh64(ip, (std::uint64_t{address.scope_id} << 32) | address.port);
}
