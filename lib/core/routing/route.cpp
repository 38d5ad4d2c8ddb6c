#include "junction/route.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/balance/request_parts.hpp"
#include "junction/ascii.hpp"

namespace junction {
namespace {

constexpr std::string_view service_domain = ".svc.cluster.local";

// Host names compare without regard to case, as header names do.
bool fits_host(std::string_view pattern, std::string_view host) {
  if (!pattern.starts_with("*.")) return same_letters(pattern, host);
  const std::string_view domain = pattern.substr(1);
  return host.size() > domain.size() && same_letters(host.substr(host.size() - domain.size()), domain);
}

bool fits(const TextMatch& match, std::string_view text, const RegexSearch& regex) {
  switch (match.type) {
    case TextMatch::Type::exact:
      return text == match.value;
    case TextMatch::Type::prefix:
      return text.starts_with(match.value);
    case TextMatch::Type::regular_expression:
      break;
  }
  return regex(match.value, text);
}

std::string_view path_of(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  if (const std::size_t scheme = url.find("://"); scheme != std::string_view::npos) {
    const std::size_t slash = url.find('/', scheme + 3);
    url = slash == std::string_view::npos ? std::string_view{} : url.substr(slash);
  }
  return url.empty() ? std::string_view("/") : url;
}

std::optional<std::string> first_header(const Request& request, std::string_view name) {
  std::optional<std::string> first;
  for_each_header(request, name, [&](std::string_view value) {
    first = value;
    return false;
  });
  return first;
}

std::optional<std::string> first_parameter(const Request& request, std::string_view wanted) {
  std::optional<std::string> first;
  for_each_parameter(query_of(request.url).value_or(std::string_view{}),
                     [&](std::string_view name, std::string_view value) {
                       if (form_decode(name) != wanted) return true;
                       first = form_decode(value);
                       return false;
                     });
  return first;
}

std::string wanted(const TextMatch& match) {
  switch (match.type) {
    case TextMatch::Type::exact:
      return fmt::format("'{}'", match.value);
    case TextMatch::Type::prefix:
      return fmt::format("'{}...'", match.value);
    case TextMatch::Type::regular_expression:
      break;
  }
  return fmt::format("/{}/", match.value);
}

// Why a header or parameter keeps a match from fitting; empty: it does not.
std::string misfit(std::string_view what, const NamedMatch& match, const std::optional<std::string>& value,
                   const RegexSearch& regex) {
  if (!value) return fmt::format("the {} {} is missing", what, match.name);
  if (fits(match.value, *value, regex)) return {};
  return fmt::format("the {} {} is '{}', not {}", what, match.name, *value, wanted(match.value));
}

// Why a match does not fit a request; empty: it fits.
std::string misfit(const RouteMatch& match, const Request& request, const RegexSearch& regex) {
  if (match.method && *match.method != request.method)
    return fmt::format("the method is {}, not {}", request.method, *match.method);
  if (const std::string_view path = path_of(request.url); match.path && !fits(*match.path, path, regex))
    return fmt::format("the path is '{}', not {}", path, wanted(*match.path));
  for (const NamedMatch& header : match.headers)
    if (auto why = misfit("header", header, first_header(request, header.name), regex); !why.empty())
      return why;
  for (const NamedMatch& param : match.query_params)
    if (auto why = misfit("query parameter", param, first_parameter(request, param.name), regex);
        !why.empty())
      return why;
  return {};
}

RuleVerdict judge(const RouteRule& rule, const Request& request, const RegexSearch& regex) {
  RuleVerdict verdict;
  verdict.fits = rule.matches.empty();
  for (std::size_t i = 0; i < rule.matches.size() && !verdict.fits; ++i) {
    const std::string why = misfit(rule.matches[i], request, regex);
    if (why.empty()) {
      verdict.fits = true;
      verdict.match = i;
    } else if (i == 0) {
      verdict.why_not = why;
    }
  }
  if (verdict.fits) verdict.why_not.clear();
  return verdict;
}

}  // namespace

std::string BackendRef::to_string(std::uint16_t url_port) const {
  return fmt::format("{}:{}", kind == Kind::dns ? name : service_host(name, namespace_),
                     port == 0 ? url_port : port);
}

NameSearch NameSearch::of_namespace(std::string_view namespace_) {
  const std::string_view services = service_domain.substr(1);
  return {5,
          {fmt::format("{}{}", namespace_, service_domain), std::string(services),
           std::string(services.substr(4))}};
}

std::vector<std::string> names_to_try(std::string_view host, const NameSearch& search) {
  std::vector<std::string> names{std::string(host)};
  if (static_cast<std::uint32_t>(std::count(host.begin(), host.end(), '.')) >= search.ndots) return names;
  for (const std::string& suffix : search.suffixes) names.push_back(fmt::format("{}.{}", host, suffix));
  return names;
}

std::optional<ServiceName> service_of_host(std::string_view host) {
  if (host.size() <= service_domain.size() ||
      !same_letters(host.substr(host.size() - service_domain.size()), service_domain))
    return std::nullopt;
  host.remove_suffix(service_domain.size());
  const std::size_t dot = host.find('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == host.size() ||
      host.find('.', dot + 1) != std::string_view::npos)
    return std::nullopt;
  return ServiceName{std::string(host.substr(0, dot)), std::string(host.substr(dot + 1))};
}

std::string service_host(std::string_view name, std::string_view namespace_) {
  return fmt::format("{}.{}{}", name, namespace_, service_domain);
}

const Route* find_route(std::span<const Route> routes, std::string_view host, std::uint16_t port) {
  for (const Route& route : routes) {
    const bool any_port = route.ports.empty() || std::count(route.ports.begin(), route.ports.end(), port) > 0;
    const bool host_fits = std::any_of(route.hostnames.begin(), route.hostnames.end(),
                                       [&](const std::string& pattern) { return fits_host(pattern, host); });
    if (any_port && host_fits) return &route;
  }
  return nullptr;
}

Route implicit_route(const ServiceName& service) {
  Route route;
  route.name = service.name;
  route.namespace_ = service.namespace_;
  route.hostnames = {service_host(service.name, service.namespace_)};
  route.rules.push_back(
      {.name = {}, .matches = {}, .backends = {{.name = service.name, .namespace_ = service.namespace_}}});
  route.implicit = true;
  return route;
}

std::vector<RuleVerdict> match_rules(const Route& route, const Request& request, const RegexSearch& regex) {
  std::vector<RuleVerdict> verdicts;
  for (std::size_t i = 0; i < route.rules.size(); ++i) {
    verdicts.push_back(judge(route.rules[i], request, regex));
    verdicts.back().rule = i;
    if (verdicts.back().fits) break;
  }
  return verdicts;
}

}  // namespace junction
