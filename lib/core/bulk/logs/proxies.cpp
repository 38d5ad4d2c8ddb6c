// The text formats of Envoy, Istio and HAProxy, and those of AWS's load balancers.
// Sources: Envoy configuration/observability/access_log/usage (default format); istio.io, Envoy Access Logs
// (default access log format); HAProxy configuration manual 8.2.3 (HTTP log format) and 8.6 (escapes); AWS
// Elastic Load Balancing, Access logs.
#include <array>

#include "core/bulk/logs/families.hpp"
#include "core/bulk/logs/log_fields.hpp"
#include "junction/ascii.hpp"

namespace junction {
namespace {

bool is_number(std::string_view text) {
  return whole_number<std::uint32_t>(text).has_value();
}

std::string_view last_of_list(std::string_view list) {
  return trim(list.substr(list.rfind(',') + 1));
}

// x-forwarded-for, user-agent, x-request-id, authority and upstream stand side by side, and are the last
// quoted texts. Envoy escapes nothing: they are taken from the right, where a client has the least to say.
// Returns what stands behind them; nothing where they are not there.
std::optional<std::string_view> read_five_quoted(std::string_view rest, LogLine& into) {
  constexpr std::string_view between = "\" \"";
  const std::size_t last = rest.rfind('"');
  if (last == std::string_view::npos) return std::nullopt;
  const std::string_view behind = rest.substr(last + 1);
  rest = rest.substr(0, last);
  std::array<std::string_view, 5> five;
  for (std::size_t i = five.size() - 1; i > 0; --i) {
    const std::size_t at = rest.rfind(between);
    if (at == std::string_view::npos) return std::nullopt;
    five[i] = rest.substr(at + between.size());
    rest = rest.substr(0, at);
  }
  five[0] = rest.substr(rest.rfind('"') + 1);
  into.forwarded_for = or_none(five[0]);
  into.user_agent = or_none(five[1]);
  into.host = or_none(five[3]);
  into.upstream = or_none(five[4]);
  return behind;
}

// Istio has cluster, local address upstream, local and remote address downstream, SNI and route.
void read_istio_tail(std::string_view behind, LogLine& into) {
  LogFields fields(behind);
  for (int i = 0; i < 4; ++i)
    if (!fields.next()) return;
  into.variant = "istio";
  into.source = ip_address_in(fields.text());
}

}  // namespace

LineIs read_envoy(std::string_view line, LogLine& into) {
  LogFields fields(line);
  for (int words = 0; fields.next() && fields.is_word();)
    if (++words > 2) return LineIs::foreign;  // a pod and its container, or Emissary's ACCESS
  if (!fields.is_bracketed()) return LineIs::foreign;
  into.time = fields.text();
  if (!fields.next() || !fields.is_quoted()) return LineIs::foreign;
  const std::string_view request = fields.text();
  if (!fields.next() || !is_number(fields.text())) return LineIs::foreign;
  const auto behind = read_five_quoted(fields.rest(), into);
  if (!behind) return LineIs::foreign;
  into.escapes = Escapes::none;
  into.variant = "envoy";
  read_istio_tail(*behind, into);
  // Without the connection's own, the address is the one that Envoy trusts: the last that was forwarded.
  if (into.source.empty()) into.source = ip_address_in(last_of_list(into.forwarded_for.value_or("")));
  return read_request(request, into) ? LineIs::request : LineIs::no_request;
}

// client:port [time] frontend backend/server timers status bytes ... {captured} "request"
LineIs read_haproxy(std::string_view line, LogLine& into) {
  LogFields fields(line);
  if (!fields.next()) return LineIs::foreign;
  into.source = ip_address_in(fields.text());
  if (into.source.empty() || !fields.next() || !fields.is_bracketed()) return LineIs::foreign;
  into.time = fields.text();
  if (!fields.next() || !fields.is_word() || !fields.next()) return LineIs::foreign;
  const std::string_view server = fields.text();
  if (server.find('/') == std::string_view::npos || !fields.next()) return LineIs::foreign;
  if (fields.text().find('/') == std::string_view::npos || !fields.next()) return LineIs::foreign;
  const std::string_view status = fields.text();
  if (!is_number(status) && status != "-1") return LineIs::foreign;
  into.variant = "haproxy";
  into.escapes = Escapes::hash;
  if (!server.ends_with('>')) into.upstream = server;  // <NOSRV>
  const std::string_view rest = fields.rest();         // captures may hold blanks, but no quotes
  const std::size_t quote = rest.find(" \"");
  if (quote == std::string_view::npos) return LineIs::no_request;
  std::string_view request = rest.substr(quote + 2);
  const std::size_t end = request.find('"');
  if (end == std::string_view::npos) return LineIs::no_request;  // cut off: the key would be too
  return read_request(request.substr(0, end), into) ? LineIs::request : LineIs::no_request;
}

// [type] [time] name client:port target:port three times ... "request" "agent" ...
LineIs read_alb(std::string_view line, LogLine& into) {
  constexpr std::size_t last = 16;  // field that may be the request, counted from the name
  LogFields fields(line);
  std::array<std::string_view, last> words;
  std::size_t count = 0;
  while (count < last && fields.next() && fields.is_word()) words[count++] = fields.text();
  if (!fields.is_quoted() || count < 10) return LineIs::foreign;
  const std::string_view request = fields.text();
  std::size_t client = 0;
  while (client < 4 && ip_address_in(words[client]).empty()) ++client;
  // client, target, three times, two statuses, bytes in and out, and then the request
  if (client == 0 || client + 9 != count || words[client].find(':') == std::string_view::npos ||
      !decimal_number(words[client + 2]))
    return LineIs::foreign;
  if (client >= 2) into.time = words[client - 2];
  into.source = ip_address_in(words[client]);
  into.upstream = or_none(words[client + 1]);
  into.variant = "alb";
  if (fields.next() && fields.is_quoted()) into.user_agent = or_none(fields.text());
  return read_request(request, into) ? LineIs::request : LineIs::no_request;
}

}  // namespace junction
