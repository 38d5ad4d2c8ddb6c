#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "junction/export.hpp"
#include "junction/request.hpp"
#include "junction/result.hpp"
#include "junction/url.hpp"

namespace junction {

/// How a route compares one text: a path, a header's value or a query parameter's.
struct TextMatch {
  enum class Type : std::uint8_t { exact, prefix, regular_expression };
  Type type = Type::exact;
  std::string value;

  friend bool operator==(const TextMatch&, const TextMatch&) = default;
};

struct NamedMatch {
  std::string name;
  TextMatch value;

  friend bool operator==(const NamedMatch&, const NamedMatch&) = default;
};

/// Fits where everything it names fits; what it leaves out fits everything.
struct RouteMatch {
  std::optional<std::string> method;
  std::optional<TextMatch> path;
  std::vector<NamedMatch> headers;
  std::vector<NamedMatch> query_params;
};

/// Where a rule sends requests: a Kubernetes Service or a DNS name, and a port.
struct BackendRef {
  enum class Kind : std::uint8_t { service, dns };
  Kind kind = Kind::service;
  std::string name;  ///< of the Service, or the host name
  std::string namespace_;
  std::uint16_t port = 0;  ///< 0: the port of the request's URL
  std::uint32_t weight = 1;

  /// "recs.default.svc.cluster.local:80", "example.com:443"; `url_port` stands in for port 0.
  [[nodiscard]] JUNCTION_EXPORT std::string to_string(std::uint16_t url_port) const;
};

/// Fits where any of its matches does, or where it has none.
struct RouteRule {
  std::string name;
  std::vector<RouteMatch> matches;
  std::vector<BackendRef> backends;
};

/// An HTTPRoute as Junction reads it.
struct Route {
  std::string name;
  std::string namespace_;
  std::vector<std::string> hostnames;  ///< "*.example.com" stands for every name below example.com
  std::vector<std::uint16_t> ports;    ///< empty: every port
  std::vector<RouteRule> rules;
  bool implicit =
      false;  ///< nobody wrote it: a Service without an HTTPRoute has one that sends everything to it
};

/// Whether `text` contains a match of the regular expression `pattern`. Core has no regular expressions of
/// its own.
using RegexSearch = std::function<bool(const std::string& pattern, std::string_view text)>;

/// How host names that are not complete are looked up; what a Pod's /etc/resolv.conf says.
struct NameSearch {
  std::uint32_t ndots = 5;
  std::vector<std::string> suffixes;

  /// What a Pod in this namespace has.
  static JUNCTION_EXPORT NameSearch of_namespace(std::string_view namespace_);
};

/// The names a client looks up for a host, in order: as it is, then with each suffix while it has fewer dots
/// than ndots.
JUNCTION_EXPORT std::vector<std::string> names_to_try(std::string_view host, const NameSearch& search);

/// "NAME.NAMESPACE.svc.cluster.local" taken apart; nothing for any other host.
struct ServiceName {
  std::string name;
  std::string namespace_;
};
JUNCTION_EXPORT std::optional<ServiceName> service_of_host(std::string_view host);
JUNCTION_EXPORT std::string service_host(std::string_view name, std::string_view namespace_);

/// The route for a host and port; null where none is for it.
JUNCTION_EXPORT const Route* find_route(std::span<const Route> routes, std::string_view host,
                                        std::uint16_t port);

/// The route that a Service has where nobody wrote one.
JUNCTION_EXPORT Route implicit_route(const ServiceName& service);

/// What became of one rule on the way through a route.
struct RuleVerdict {
  std::size_t rule = 0;
  std::optional<std::size_t> match;  ///< which of its matches fits; unset where it has none, or none fits
  bool fits = false;
  std::string why_not;  ///< of the first match, in words: "the method is GET, not POST"
};

/// Walks the rules in order and ends with the first that fits. The last verdict decides: !fits means no rule
/// does. Source: junction-client crates/junction-core/src/client.rs@f97d3db (find_matching_rule and below): a
/// path prefix is a plain prefix of the text, the first header and the first parameter of a name decide, and
/// patterns may match inside.
JUNCTION_EXPORT std::vector<RuleVerdict> match_rules(const Route& route, const Request& request,
                                                     const RegexSearch& regex);

}  // namespace junction
