// Common, combined and what servers made of them: nginx, ingress-nginx, vhost, Traefik, APISIX.
// Sources: Apache mod_log_config; nginx ngx_http_log_module; ingress-nginx user-guide/nginx-configuration/
// log-format; Traefik observability/access-logs (CLF).
#include <array>

#include "core/bulk/logs/families.hpp"
#include "core/bulk/logs/log_fields.hpp"
#include "junction/ascii.hpp"

namespace junction {
namespace {

constexpr std::size_t most_in_front = 10;

/// What stands in front of the time: [vhost] address ident user, with names of pods in front of all.
struct Front {
  std::array<std::string_view, most_in_front> words;
  std::size_t count = 0;

  void read(LogLine& into) const {
    for (std::size_t i = 0; i < count; ++i) {
      into.source = ip_address_in(words[i]);
      if (into.source.empty()) continue;
      const bool in_brackets = i > 0 && words[i - 1] == "-";  // ingress-nginx once wrote it a second time
      if (i == 1 && count >= 4 && !in_brackets) into.host = words[0];
      return;
    }
  }
};

bool is_status(std::string_view text) {
  return text == "-" || (text.size() == 3 && whole_number<std::uint16_t>(text));
}

// "10.0.0.1:80", or of a list, as of a request that was tried again, the last.
std::string_view upstream_in(std::string_view text) {
  if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos)
    text.remove_prefix(scheme + 3);
  if (const std::size_t comma = text.rfind(' '); comma != std::string_view::npos)
    text.remove_prefix(comma + 1);
  while (text.ends_with(',') || text.ends_with('/')) text.remove_suffix(1);
  const bool has_port = text.find(':') != std::string_view::npos &&
                        (text.find('.') != std::string_view::npos || text.starts_with('['));
  return has_port && !ip_address_in(text).empty() ? text : std::string_view{};
}

// What stands behind the user agent.
void read_behind(LogFields& fields, LogLine& into) {
  bool first = true, more = false;  // of a list of upstreams
  std::size_t brackets = 0, quoted = 0;
  for (; fields.next(); first = false) {
    const std::string_view text = fields.text();
    if (fields.is_bracketed()) ++brackets;
    if (fields.is_quoted() && ++quoted == 1 && first) {
      into.forwarded_for = or_none(text);
      continue;
    }
    const std::string_view upstream = upstream_in(text);
    if (upstream.empty() || (!into.upstream.empty() && !more)) continue;
    into.upstream = upstream;
    more = text.ends_with(',');
    if (fields.is_quoted() && text.find("://") != std::string_view::npos) into.variant = "traefik";
  }
  if (brackets == 2) into.variant = "ingress-nginx";
}

// Status, size and whatever else, then the referer and the agent: two quoted texts side by side.
void read_headers(LogFields& fields, LogLine& into) {
  std::string_view before;
  bool after_quoted = false;
  while (fields.next()) {
    if (fields.is_quoted() && after_quoted) {
      if (!before.empty()) into.referer = or_none(before);
      if (!fields.text().empty()) into.user_agent = or_none(fields.text());
      if (into.variant != "vhost") into.variant = "combined";
      return read_behind(fields, into);
    }
    after_quoted = fields.is_quoted();
    before = fields.text();
  }
}

}  // namespace

LineIs read_common(std::string_view line, LogLine& into) {
  LogFields fields(line);
  Front front;
  bool after_time = false, after_host = false;  // APISIX has the host between time and request
  while (fields.next()) {
    if (fields.is_quoted() && after_time && front.count > 0) {
      const std::string_view request = fields.text();
      if (!fields.next() || !is_status(fields.text())) return LineIs::foreign;
      front.read(into);
      into.variant = into.host ? "vhost" : "common";
      const bool is_request = read_request(request, into);
      if (is_request) read_headers(fields, into);
      return is_request ? LineIs::request : LineIs::no_request;
    }
    if (after_time && fields.is_word() && !after_host) {
      after_host = true;
      into.host = fields.text();
      continue;
    }
    if (front.count == most_in_front) return LineIs::foreign;
    if (!fields.is_bracketed()) front.words[front.count++] = fields.text();
    after_time = fields.is_bracketed();
    if (after_time) into.time = fields.text();
    after_host = false;
    into.host.reset();
  }
  return LineIs::foreign;
}

}  // namespace junction
