// W3C extended logs: CloudFront's (columns between tabs) and IIS's (between blanks).
// Sources: W3C WD-logfile; Amazon CloudFront, Standard log file fields; Microsoft, W3C Logging.
#include <algorithm>

#include "core/bulk/logs/families.hpp"
#include "junction/ascii.hpp"

namespace junction {
namespace {

struct Named {
  std::string_view name;
  std::size_t W3cColumns::*column;
};
constexpr Named known[] = {
    {"cs-method", &W3cColumns::method},
    {"cs-uri-stem", &W3cColumns::stem},
    {"cs-uri-query", &W3cColumns::query},
    {"cs(Host)", &W3cColumns::host},
    {"cs-host", &W3cColumns::host},
    {"x-host-header", &W3cColumns::host_header},
    {"cs(User-Agent)", &W3cColumns::user_agent},
    {"cs(Referer)", &W3cColumns::referer},
    {"c-ip", &W3cColumns::source},
    {"x-forwarded-for", &W3cColumns::forwarded_for},
    {"date", &W3cColumns::date},
    {"time", &W3cColumns::time},
};

}  // namespace

W3cColumns W3cColumns::of(std::string_view fields, bool tabs) {
  W3cColumns columns;
  columns.tabs = tabs;
  for (std::size_t number = 0; !fields.empty(); ++number) {
    fields = trim(fields, " \t\r");
    const std::string_view name = fields.substr(0, fields.find_first_of(" \t"));
    fields.remove_prefix(name.size());
    for (const Named& one : known)
      if (same_letters(name, one.name)) columns.*one.column = number;
  }
  return columns;
}

W3cColumns W3cColumns::cloudfront() {
  return of(
      "date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) "
      "cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header "
      "cs-protocol cs-bytes time-taken x-forwarded-for",
      true);
}

LineIs read_w3c(std::string_view line, const W3cColumns& columns, LogLine& into) {
  if (line.starts_with('#') || columns.method == W3cColumns::none || columns.stem == W3cColumns::none)
    return LineIs::foreign;
  const char between = columns.tabs ? '\t' : ' ';
  std::string_view host_header;
  const auto take = [&](std::size_t number, std::string_view text) {
    const std::string_view value = or_none(text);
    if (number == columns.method) into.method = value;
    if (number == columns.stem) into.target = value;
    if (number == columns.query) into.query = value;
    if (number == columns.host) into.host = value;
    if (number == columns.host_header) host_header = value;
    if (number == columns.user_agent) into.user_agent = value;
    if (number == columns.referer) into.referer = value;
    if (number == columns.source) into.source = ip_address_in(value);
    if (number == columns.forwarded_for) into.forwarded_for = value;
    if (number == columns.time) into.time = value;
  };
  std::size_t number = 0;
  for (; !line.empty(); ++number) {
    const std::string_view text = line.substr(0, line.find(between));
    line.remove_prefix(std::min(line.size(), text.size() + 1));
    take(number, text);
  }
  if (number <= columns.method || number <= columns.stem) return LineIs::foreign;
  if (!host_header.empty()) into.host = host_header;  // CloudFront's cs(Host) is its own domain
  into.variant = columns.tabs ? "cloudfront" : "w3c";
  into.escapes = columns.tabs ? Escapes::percent : Escapes::plus;
  const bool is_upper =
      std::all_of(into.method.begin(), into.method.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!is_upper) return LineIs::foreign;
  return !into.method.empty() && into.target.starts_with('/') ? LineIs::request : LineIs::no_request;
}

}  // namespace junction
