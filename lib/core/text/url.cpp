#include "junction/url.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "junction/ascii.hpp"

namespace junction {
namespace {

Error bad_url(std::string_view text, std::string_view why) {
  return {ErrorKind::usage, fmt::format("'{}' is not a URL to use here: {}", masked_url(text), why)};
}

std::uint16_t default_port(std::string_view scheme) {
  return scheme == "https" ? 443 : 80;
}

// Splits "host", "host:port", "[v6]" and "[v6]:port"; false where the brackets do not match.
bool split_authority(std::string_view authority, std::string_view& host, std::string_view& port) {
  if (!authority.empty() && authority.front() == '[') {
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos) return false;
    host = authority.substr(1, close - 1);
    port = authority.substr(close + 1);
    return port.empty() || port.front() == ':';
  }
  const std::size_t colon = authority.find(':');
  host = authority.substr(0, colon);
  port = colon == std::string_view::npos ? std::string_view{} : authority.substr(colon);
  return true;
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
  const std::size_t mark = text.find("://");
  if (mark == std::string_view::npos)
    return bad_url(text, "it has no scheme; write http:// or https:// in front");
  if (has_space_or_control(text))
    return bad_url(text, "it has a space or control character; write it as %XX (a space is %20)");
  Url url;
  url.scheme = lower(text.substr(0, mark));
  if (url.scheme != "http" && url.scheme != "https")
    return bad_url(text, fmt::format("the scheme '{}' is not http or https", url.scheme));

  std::string_view rest = text.substr(mark + 3);
  rest = rest.substr(0, rest.find('#'));
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
  rest.remove_prefix(authority.size());
  if (authority.find('@') != std::string_view::npos)
    return bad_url(text, "user names and passwords in URLs are not sent; use --header 'Authorization: ...'");

  std::string_view host, port;
  if (!split_authority(authority, host, port) || host.empty()) return bad_url(text, "it has no host");
  url.host = lower(host);
  url.port = default_port(url.scheme);
  if (port.size() > 1) {
    url.port = whole_number<std::uint16_t>(port.substr(1)).value_or(0);
    if (url.port == 0)
      return bad_url(text, fmt::format("the port '{}' is not a number from 1 to 65535", port.substr(1)));
  }
  url.target = rest.empty() || rest.front() == '?' ? fmt::format("/{}", rest) : std::string(rest);
  return url;
}

std::string Url::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : fmt::format("[{}]", host);
  return port == default_port(scheme) ? name : fmt::format("{}:{}", name, port);
}

std::string Url::to_string() const {
  return fmt::format("{}://{}{}", scheme, authority(), target);
}

}  // namespace junction
