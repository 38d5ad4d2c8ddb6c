#include "junction/request_line.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/bulk/line_scan.hpp"
#include "core/text/hex.hpp"
#include "junction/ascii.hpp"

namespace junction {
namespace {

std::string_view trimmed(std::string_view line) {
  return trim(line, " \t\r\n");
}

std::string_view first_word(std::string_view text) {
  return text.substr(0, text.find(' '));
}

// A quoted request line, from behind its opening quote: METHOD target HTTP/x.
bool parse_quoted_request(std::string_view text, RequestLine& into) {
  const std::string_view method = first_word(text);
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (method.empty() || method.size() == text.size() || !std::all_of(method.begin(), method.end(), is_upper))
    return false;
  text.remove_prefix(method.size() + 1);
  const std::string_view target = first_word(text);
  if (target.empty() || !text.substr(target.size()).starts_with(" HTTP/")) return false;
  into.kind = LineKind::access_log;
  into.method = method;
  into.text = target;
  into.escaped = target.find('\\') != std::string_view::npos;
  return true;
}

// uvicorn begins a line with its level: "INFO:     127.0.0.1:5432 - ".
std::string_view without_uvicorn_level(std::string_view line) {
  constexpr std::array<std::string_view, 6> levels{
      "INFO: ", "WARNING: ", "ERROR: ", "DEBUG: ", "CRITICAL: ", "TRACE: "};
  for (const std::string_view level : levels)
    if (line.starts_with(level)) return trimmed(line.substr(level.size()));
  return line;
}

// "192.0.2.1", "192.0.2.1:5432" or "[2001:db8::1]:5432" to the address alone; nothing for a name. Common logs
// write IPv6 without brackets.
std::string_view address_of(std::string_view host) {
  const std::size_t colon = host.find(':');
  if (host.starts_with('[')) {
    host = host.substr(1, std::min(host.find(']'), host.size()) - 1);
  } else if (colon == host.rfind(':')) {
    host = host.substr(0, colon);
  }
  const bool is_address = host.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
  return is_address ? host : std::string_view{};
}

RequestLine classify_log(std::string_view line) {
  const std::string_view rest = without_uvicorn_level(line);
  RequestLine found;
  for (std::size_t quote = rest.find('"'); quote != std::string_view::npos;
       quote = rest.find('"', quote + 1)) {
    if (!parse_quoted_request(rest.substr(quote + 1), found)) continue;
    found.source_ip = address_of(first_word(rest));
    return found;
  }
  // Of such a log for sure, if its level or its time is there: a start-up message, or a request nobody could
  // read.
  const bool is_log = rest.size() != line.size() || rest.find("] \"") != std::string_view::npos;
  found.kind = is_log ? LineKind::no_request : LineKind::value;
  return found;
}

}  // namespace

bool is_bare_value(std::string_view line) {
  return classify_line(line).kind == LineKind::value;
}

RequestLine classify_line(std::string_view given) {
  while (!given.empty() && (given.back() == '\n' || given.back() == '\r')) given.remove_suffix(1);
  const std::string_view line = trimmed(given);
  if (line.empty()) return {};
  if (line.front() == '{') return {LineKind::json, line, {}, {}, false};
  if (line.front() == '/') return {LineKind::target, line, {}, {}, false};
  if (starts_with_letters(line, "http://") || starts_with_letters(line, "https://"))
    return {LineKind::url, line, {}, {}, false};
  RequestLine found = classify_log(line);
  if (found.kind == LineKind::value) found.text = given;
  return found;
}

std::string unescape_log(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      bytes += text[i];
    } else if (const auto byte = text[i + 1] == 'x' ? hex_byte(text.substr(i + 2)) : std::nullopt) {
      bytes += *byte;
      i += 3;
    } else {
      constexpr std::string_view letters = "abfnrtv", controls = "\a\b\f\n\r\t\v";
      const std::size_t letter = letters.find(text[++i]);
      bytes += letter == std::string_view::npos ? text[i] : controls[letter];
    }
  }
  return bytes;
}

Request LineRequest::request(std::vector<Header>& room) const {
  room.clear();
  for (const auto& [name, text] : headers) room.push_back({name, text});
  return {.url = url,
          .headers = room,
          .method = method.empty() ? std::string_view("GET") : method,
          .source_ip = source_ip};
}

}  // namespace junction
