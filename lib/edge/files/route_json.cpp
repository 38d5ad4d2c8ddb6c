#include "junction/route_json.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

namespace junction {
namespace {

using nlohmann::json;

const json& field(const json& object, const char* name) {
  static const json nothing;
  const auto found = object.is_object() ? object.find(name) : object.end();
  return object.is_object() && found != object.end() ? *found : nothing;
}

Result<std::string> text(const json& object, const char* name, std::string otherwise = {}) {
  const json& value = field(object, name);
  if (value.is_null()) return otherwise;
  if (!value.is_string()) return invalid_error(fmt::format("{} must be a text, not {}", name, value.dump()));
  return value.get<std::string>();
}

Result<std::uint32_t> number(const json& object, const char* name, std::uint32_t otherwise,
                             std::uint32_t most) {
  const json& value = field(object, name);
  if (value.is_null()) return otherwise;
  if (!value.is_number_integer() || value < 0 || value > most)
    return invalid_error(
        fmt::format("{} must be a whole number from 0 to {}, not {}", name, most, value.dump()));
  return value.get<std::uint32_t>();
}

/// Calls use(item) for each item of a list that may be missing; stops at the first error.
template <typename Use>
Result<void> for_each(const json& object, const char* name, Use use) {
  const json& list = field(object, name);
  if (list.is_null()) return {};
  if (!list.is_array()) return invalid_error(fmt::format("{} must be a list, not {}", name, list.dump()));
  for (const json& item : list)
    if (Result<void> used = use(item); !used) return used;
  return {};
}

Result<TextMatch> text_match(const json& object, std::string otherwise, std::string_view prefix_name) {
  const auto type = text(object, "type", std::move(otherwise));
  if (!type) return type.error();
  auto value = text(object, "value");
  if (!value) return value.error();
  TextMatch match{TextMatch::Type::exact, std::move(*value)};
  if (*type == "RegularExpression") {
    const re2::RE2 pattern(match.value, re2::RE2::Quiet);
    if (!pattern.ok())
      return invalid_error(fmt::format("'{}' is not a regular expression: {}", match.value, pattern.error()));
    match.type = TextMatch::Type::regular_expression;
  } else if (!prefix_name.empty() && *type == prefix_name) {
    match.type = TextMatch::Type::prefix;
  } else if (*type != "Exact") {
    return invalid_error(fmt::format("the match type '{}' is not one Junction knows", *type));
  }
  return match;
}

Result<void> add_named(const json& object, std::vector<NamedMatch>& to) {
  const auto name = text(object, "name");
  if (!name) return name.error();
  if (name->empty()) return invalid_error(fmt::format("the match {} has no name", object.dump()));
  auto value = text_match(object, "Exact", {});
  if (!value) return value.error();
  to.push_back({*name, std::move(*value)});
  return {};
}

Result<void> add_match(const json& object, std::vector<RouteMatch>& to) {
  RouteMatch match;
  const auto method = text(object, "method");
  if (!method) return method.error();
  if (!method->empty()) match.method = *method;
  if (const json& path = field(object, "path"); !path.is_null()) {
    auto parsed = text_match(path, "PathPrefix", "PathPrefix");
    if (!parsed) return parsed.error();
    match.path = std::move(*parsed);
  }
  auto headers =
      for_each(object, "headers", [&](const json& item) { return add_named(item, match.headers); });
  if (!headers) return headers;
  auto params =
      for_each(object, "queryParams", [&](const json& item) { return add_named(item, match.query_params); });
  if (!params) return params;
  to.push_back(std::move(match));
  return {};
}

// Which thing a parentRef or backendRef names; its group and kind default as Junction's do.
Result<BackendRef> reference(const json& object, const std::string& namespace_, const char* group_otherwise,
                             const char* kind_otherwise) {
  const auto group = text(object, "group", group_otherwise);
  const auto kind = text(object, "kind", kind_otherwise);
  const auto name = text(object, "name");
  auto in = text(object, "namespace", namespace_);
  const auto port = number(object, "port", 0, 65535);
  const auto weight = number(object, "weight", 1, 1'000'000);
  if (!group || !kind || !name || !in) return invalid_error("group, kind, name and namespace must be texts");
  if (!port) return port.error();
  if (!weight) return weight.error();
  const bool service = group->empty() && *kind == "Service";
  if (!service && !(*group == "junctionlabs.io" && *kind == "DNS"))
    return invalid_error(fmt::format(
        "{}/{} '{}' is not a Service or a DNS name, so Junction refuses the route", *group, *kind, *name));
  if (name->empty()) return invalid_error(fmt::format("the reference {} has no name", object.dump()));
  return BackendRef{service ? BackendRef::Kind::service : BackendRef::Kind::dns, *name,
                    service ? std::move(*in) : std::string(), static_cast<std::uint16_t>(*port), *weight};
}

Result<void> add_parent(const json& object, Route& route) {
  const auto parent = reference(object, route.namespace_, "gateway.networking.k8s.io", "");
  if (!parent) return parent.error();
  const bool service = parent->kind == BackendRef::Kind::service;
  route.hostnames.push_back(service ? service_host(parent->name, parent->namespace_) : parent->name);
  if (parent->port != 0 && std::count(route.ports.begin(), route.ports.end(), parent->port) == 0)
    route.ports.push_back(parent->port);
  return {};
}

Result<void> add_rule(const json& object, Route& route) {
  RouteRule rule;
  auto name = text(object, "name");
  if (!name) return name.error();
  rule.name = std::move(*name);
  auto matches = for_each(object, "matches", [&](const json& item) { return add_match(item, rule.matches); });
  if (!matches) return matches;
  auto backends = for_each(object, "backendRefs", [&](const json& item) -> Result<void> {
    auto backend = reference(item, route.namespace_, "", "Service");
    if (!backend) return backend.error();
    rule.backends.push_back(std::move(*backend));
    return {};
  });
  if (!backends) return backends;
  route.rules.push_back(std::move(rule));
  return {};
}

Result<Route> read_route(const json& object) {
  Route route;
  const json& metadata = field(object, "metadata");
  auto name = text(metadata, "name");
  auto namespace_ = text(metadata, "namespace", "default");
  if (!name || !namespace_) return invalid_error("metadata.name and metadata.namespace must be texts");
  route.name = std::move(*name);
  route.namespace_ = std::move(*namespace_);
  const json& spec = field(object, "spec");
  auto parents = for_each(spec, "parentRefs", [&](const json& item) { return add_parent(item, route); });
  if (!parents) return parents.error();
  auto rules = for_each(spec, "rules", [&](const json& item) { return add_rule(item, route); });
  if (!rules) return rules.error();
  return route;
}

}  // namespace

Result<Route> parse_http_route(const json& object) {
  auto route = read_route(object);
  if (route) return route;
  const json& name = field(field(object, "metadata"), "name");
  return invalid_error(fmt::format("httproute/{}: {}", name.is_string() ? name.get<std::string>() : "?",
                                   route.error().message));
}

RegexSearch regex_search() {
  auto compiled = std::make_shared<std::map<std::string, re2::RE2>>();
  return [compiled](const std::string& pattern, std::string_view text) {
    auto found = compiled->find(pattern);
    if (found == compiled->end()) found = compiled->try_emplace(pattern, pattern, re2::RE2::Quiet).first;
    return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), found->second);
  };
}

}  // namespace junction
