#include "edge/kube/server_url.hpp"

#include <fmt/format.h>

#include "junction/ascii.hpp"
#include "junction/url.hpp"

namespace junction::kube {
namespace {

Error bad_server(std::string_view text, std::string_view why) {
  return invalid_error(fmt::format("the server '{}' cannot be used: {}", masked_url(text), why));
}

}  // namespace

Result<ServerUrl> ServerUrl::parse(std::string_view text) {
  constexpr std::string_view mark = "://";
  std::string_view rest = text.substr(0, text.find_first_of("?#"));
  ServerUrl url;
  const std::size_t scheme = rest.find(mark);
  url.scheme = scheme == std::string_view::npos ? "http" : lower(rest.substr(0, scheme));
  if (scheme != std::string_view::npos) rest.remove_prefix(scheme + mark.size());
  if (url.scheme != "http" && url.scheme != "https") return bad_server(text, "it is no http or https URL");
  if (has_space_or_control(rest)) return bad_server(text, "it has a space or a control character in it");
  while (rest.ends_with('/')) rest.remove_suffix(1);
  std::string_view authority = rest.substr(0, rest.find('/'));
  url.base = rest.substr(authority.size());
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    url.user_info = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  if (authority.ends_with(':')) authority.remove_suffix(1);  // an empty port is the scheme's own
  const std::size_t colon = authority.rfind(':');
  url.own_port = colon == std::string_view::npos || authority.find(']', colon) != std::string_view::npos;
  url.host = authority.substr(0, url.own_port ? authority.size() : colon);
  url.port = url.scheme == "http" ? "80" : "443";
  if (!url.own_port) {
    url.port = authority.substr(colon + 1);
    if (whole_number<std::uint16_t>(url.port).value_or(0) == 0)
      return bad_server(text, "its port is no number from 1 to 65535");
  }
  if (url.host.empty()) return bad_server(text, "it names no host");
  return url;
}

std::string ServerUrl::to_string() const {
  return fmt::format("{}://{}{}{}{}", scheme, user_info, user_info.empty() ? "" : "@", authority(), base);
}

}  // namespace junction::kube
