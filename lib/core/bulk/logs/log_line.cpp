#include "core/bulk/logs/log_line.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "core/text/hex.hpp"
#include "junction/request_line.hpp"

namespace junction {
namespace {

bool is_ip(std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN> buffer{};  // no address is longer, and inet_pton wants an end
  if (text.empty() || text.size() >= buffer.size() || text.find('\0') != std::string_view::npos) return false;
  std::memcpy(buffer.data(), text.data(), text.size());
  in6_addr address;
  return inet_pton(text.find(':') == std::string_view::npos ? AF_INET : AF_INET6, buffer.data(), &address) ==
         1;
}

// A byte for each mark with two hex digits behind it.
std::string without_marks(std::string_view text, char mark) {
  std::string bytes;
  bytes.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = text[i] == mark ? hex_byte(text.substr(i + 1)) : std::nullopt;
    bytes += byte ? static_cast<char>(*byte) : text[i];
    if (byte) i += 2;
  }
  return bytes;
}

}  // namespace

std::string unescaped(std::string_view text, Escapes escapes, bool is_header) {
  if (escapes == Escapes::backslash) return unescape_log(text);
  if (escapes == Escapes::hash) return without_marks(text, '#');
  if (escapes == Escapes::percent && is_header) return without_marks(text, '%');
  std::string bytes(text);
  if (escapes == Escapes::plus && is_header) std::replace(bytes.begin(), bytes.end(), '+', ' ');
  return bytes;
}

std::string_view ip_address_in(std::string_view text) {
  // Nearly every word that is asked about is none, and most of them begin with another letter.
  constexpr std::string_view first = "0123456789abcdefABCDEF:[";
  if (text.size() < 2 || first.find(text.front()) == std::string_view::npos) return {};
  if (text.front() == '[') {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos || (end + 1 < text.size() && text[end + 1] != ':')) return {};
    text = text.substr(1, end - 1);
  } else if (const std::size_t colon = text.find(':'); colon == text.rfind(':')) {
    text = text.substr(0, colon);
    if (text.find('.') == std::string_view::npos) return {};
  }
  return is_ip(text.substr(0, text.find('%'))) ? text : std::string_view{};
}

bool read_request(std::string_view text, LogLine& into) {
  const std::string_view method = text.substr(0, text.find(' '));
  const auto is_upper = [](char c) { return (c >= 'A' && c <= 'Z') || c == '-'; };
  if (method.empty() || method == "-" || method.size() == text.size() ||
      !std::all_of(method.begin(), method.end(), is_upper))
    return false;
  text.remove_prefix(method.size() + 1);
  const std::string_view target = text.substr(0, text.find(' '));
  if (target.empty() || target == "-" || target.size() == text.size()) return false;
  const std::string_view version = text.substr(target.size() + 1);
  const bool is_http = version.starts_with("HTTP/") || version == "1.1" || version == "1.0" || version == "2";
  if (!is_http || version.find(' ') != std::string_view::npos) return false;
  into.method = method;
  into.target = target;
  return true;
}

}  // namespace junction
