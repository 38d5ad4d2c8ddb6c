#include "junction/proxy.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text/percent.hpp"
#include "junction/ascii.hpp"
#include "junction/endpoint.hpp"

namespace junction {
namespace {

Error bad_proxy(std::string_view text, std::string_view why) {
  return {ErrorKind::usage, fmt::format("the proxy '{}' cannot be used: {}", masked_url(text), why)};
}

std::optional<SocketAddress> ip_of(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const auto address = SocketAddress::parse(host, 1);
  return address ? std::optional(*address) : std::nullopt;
}

// Whether the first `bits` of both are the same.
bool in_range(const SocketAddress& ip, const SocketAddress& range, unsigned bits) {
  const unsigned size = ip.family == SocketAddress::Family::v4 ? 32 : 128;
  if (ip.family != range.family || bits > size) return false;
  for (unsigned bit = 0; bit < bits; ++bit) {
    const unsigned mask = 0x80U >> (bit % 8);
    if ((ip.ip[bit / 8] & mask) != (range.ip[bit / 8] & mask)) return false;
  }
  return true;
}

// "10.0.0.0/8", or one address.
bool names_address(std::string_view entry, const SocketAddress& ip) {
  const std::size_t slash = entry.find('/');
  const auto range = ip_of(entry.substr(0, slash));
  if (!range) return false;
  unsigned bits = ip.family == SocketAddress::Family::v4 ? 32 : 128;
  if (slash != entry.npos) {
    const auto length = whole_number<unsigned>(entry.substr(slash + 1));
    if (!length) return false;
    bits = *length;
  }
  return in_range(ip, *range, bits);
}

bool names_domain(std::string_view entry, std::string_view host) {
  if (entry.starts_with('.')) entry.remove_prefix(1);
  if (entry.empty() || host.size() < entry.size()) return false;
  const std::size_t rest = host.size() - entry.size();
  return same_letters(host.substr(rest), entry) && (rest == 0 || host[rest - 1] == '.');
}

// An IPv4 address in IPv6 form (::ffff:127.0.0.1) is the address within.
SocketAddress unmapped(const SocketAddress& ip) {
  constexpr unsigned mapped_bits = 96;
  static const SocketAddress prefix = *SocketAddress::parse("::ffff:0.0.0.0", 1);
  if (!in_range(ip, prefix, mapped_bits)) return ip;
  SocketAddress inner;
  std::copy_n(ip.ip.begin() + mapped_bits / 8, 4, inner.ip.begin());
  return inner;
}

// The first that is set, and its name.
std::pair<std::string, const char*> first_of(std::initializer_list<const char*> names,
                                             const Variable& variable) {
  for (const char* const name : names)
    if (std::string value = variable(name); !value.empty()) return {std::move(value), name};
  return {};
}

}  // namespace

bool is_this_machine(std::string_view host) {
  if (same_letters(host, "localhost") || names_domain(".localhost", host)) return true;
  const auto ip = ip_of(host);
  return ip && (names_address("127.0.0.0/8", unmapped(*ip)) || names_address("::1", *ip));
}

Result<Proxy> Proxy::parse(std::string_view text) {
  std::string_view rest = text;
  if (const std::size_t mark = rest.find("://"); mark != rest.npos) {
    if (!same_letters(rest.substr(0, mark), "http"))
      return bad_proxy(text, "only HTTP proxies (http://host:port) are spoken to");
    rest.remove_prefix(mark + 3);
  }
  Proxy proxy;
  if (const std::size_t at = rest.rfind('@'); at != rest.npos) {
    proxy.credentials = percent_decode(rest.substr(0, at));
    rest.remove_prefix(at + 1);
  }
  rest = rest.substr(0, rest.find('/'));
  constexpr std::uint16_t default_port = 1080;
  const bool has_port = rest.find(':', rest.find(']') + 1) != rest.npos;  // npos + 1 is the beginning
  const auto url = Url::parse(fmt::format("http://{}", rest));
  if (!url) return bad_proxy(text, "it is not [user:password@]host[:port]");
  proxy.host = url->host;
  proxy.port = has_port ? url->port : default_port;
  return proxy;
}

std::string Proxy::authority() const {
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port)
                                             : fmt::format("[{}]:{}", host, port);
}

bool bypasses_proxy(std::string_view no_proxy, std::string_view host) {
  constexpr std::string_view separators = ", \t";
  const auto ip = ip_of(host);
  while (!no_proxy.empty()) {
    const std::size_t end = no_proxy.find_first_of(separators);
    const std::string_view entry = no_proxy.substr(0, end);
    no_proxy.remove_prefix(end == no_proxy.npos ? no_proxy.size() : end + 1);
    if (entry == "*") return true;
    if (ip ? names_address(entry, *ip) : names_domain(entry, host)) return true;
  }
  return false;
}

Result<std::optional<Proxy>> environment_proxy(const Url& url, const Variable& variable) {
  if (is_this_machine(url.host)) return std::optional<Proxy>{};
  if (bypasses_proxy(first_of({"no_proxy", "NO_PROXY"}, variable).first, url.host))
    return std::optional<Proxy>{};
  auto [text, name] = url.scheme == "https"
                          ? first_of({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}, variable)
                          : first_of({"http_proxy", "all_proxy", "ALL_PROXY"}, variable);
  if (text.empty()) return std::optional<Proxy>{};
  auto proxy = Proxy::parse(text);
  if (!proxy) return Error{proxy.error().kind, fmt::format("{}: {}", name, proxy.error().message)};
  return std::optional<Proxy>(*std::move(proxy));
}

}  // namespace junction
