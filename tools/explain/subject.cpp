#include "tools/explain/subject.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <utility>

#include "junction/endpoint_list.hpp"
#include "junction/route_json.hpp"
#include "junction/try.hpp"
#include "junction/url.hpp"
#include "tools/options/header.hpp"
#include "tools/options/target.hpp"

namespace junctionctl::explain {
namespace {

using junction::Error;
using junction::ErrorKind;
using junction::Result;
using junction::ServiceName;
using junction::usage_error;

// What looks like a URL without its scheme is not to be told that its kind is unknown.
Result<void> check_scheme(const std::string& text) {
  const std::string kind = text.substr(0, text.find('/'));
  const bool host = kind.size() != text.size() && kind.find_first_of(".:") != std::string::npos;
  if (!host && !text.starts_with('/')) return {};
  return usage_error(fmt::format("'{}' has no scheme: a URL to explain begins with http://", text));
}

junction::NameSearch name_search(const Options& options, const std::string& namespace_) {
  auto search = junction::NameSearch::of_namespace(namespace_);
  if (options.ndots) search.ndots = *options.ndots;
  if (!options.search.empty()) search.suffixes = options.search;
  return search;
}

/// Loads what lies on a URL's way: the routes, and each Service that one of its names stands for.
class Explorer {
 public:
  Explorer(Catalog& catalog, Subject& subject) : catalog_(catalog), subject_(subject) {}

  Result<void> load(const ServiceName& name) {
    const auto same = [&](const ServiceName& s) {
      return s.name == name.name && s.namespace_ == name.namespace_;
    };
    if (std::any_of(subject_.world.services.begin(), subject_.world.services.end(), same)) return {};
    auto found = catalog_.find(name);
    if (!found) return std::move(found).error();
    if (*found) subject_.world.services.push_back(name);
    return {};
  }

  Result<void> load(const junction::Url& url) {
    for (const std::string& host : junction::names_to_try(url.host, subject_.world.search))
      if (const auto name = junction::service_of_host(host))
        if (auto loaded = load(*name); !loaded) return loaded;
    return {};
  }

 private:
  Catalog& catalog_;
  Subject& subject_;
};

// The backend that all the URLs have in common.
Result<junction::BackendRef> backend_of_urls(const Options& options, const Subject& subject) {
  std::optional<junction::BackendRef> common;
  for (const std::string& text : subject.urls) {
    const auto url = junction::Url::parse(text);
    JUNCTION_TRY_ASSIGN(const auto headers, parse_headers(options.headers));
    std::vector<junction::Header> views;
    for (const auto& [name, value] : headers) views.push_back({name, value});
    const junction::Request request{.url = text, .headers = views, .method = options.method};
    const auto routing = junction::resolve_route(subject.world, *url, request, junction::regex_search());
    if (!routing.backend) return Error{ErrorKind::not_found, fmt::format("{}: {}", text, routing.failure)};
    const std::string name = routing.backend->to_string(url->port);
    if (common && common->to_string(0) != routing.backend->to_string(0))
      return Error{ErrorKind::usage,
                   fmt::format("the URLs go to different backends, {} and {}: explain one at a time",
                               common->to_string(0), name)};
    common = routing.backend;
  }
  return *common;
}

Result<std::uint16_t> choose_port(const Options& options, const junction::Service& service) {
  if (options.port) return *options.port;
  if (service.ports.empty() && service.type == "ExternalName") return std::uint16_t{80};
  std::set<std::uint16_t> numbers;  // a number may be there for TCP and for UDP
  for (const auto& port : service.ports) numbers.insert(port.port);
  if (numbers.size() == 1) return *numbers.begin();
  if (numbers.empty()) return Error{ErrorKind::invalid, fmt::format("service/{} has no ports", service.name)};
  const std::string ports = fmt::format("{}", fmt::join(numbers, ", "));
  return Error{ErrorKind::usage,
               fmt::format("service/{} has ports {}: choose with --port", service.name, ports)};
}

// The Service, judged; `port` 0: its only one.
Result<void> read_service(const Options& options, Catalog& catalog, std::uint16_t port, Subject& subject) {
  JUNCTION_TRY_ASSIGN(auto found, catalog.find(*subject.service));
  if (!found)
    return Error{ErrorKind::not_found,
                 fmt::format("service/{} is not in namespace {} of {}", subject.service->name,
                             subject.service->namespace_, catalog.place())};
  if (port == 0) {
    JUNCTION_TRY_ASSIGN(port, choose_port(options, found->service));
  }
  JUNCTION_TRY_ASSIGN(subject.backend,
                      junction::kube::judge_backend(std::move(found->service), found->slices, port));
  subject.from_files = catalog.is_files();
  return {};
}

// The port that the URLs' backend has, with the Service as subject.
Result<std::uint16_t> find_by_url(const Options& options, Catalog& catalog, Subject& subject) {
  Explorer explorer(catalog, subject);
  for (const std::string& url : subject.urls) JUNCTION_TRY(explorer.load(*junction::Url::parse(url)));
  JUNCTION_TRY_ASSIGN(const auto backend, backend_of_urls(options, subject));
  if (backend.kind == junction::BackendRef::Kind::dns)
    return Error{ErrorKind::unsupported,
                 fmt::format("the route leads to the DNS name {}: give its addresses with "
                             "--endpoints to explain further",
                             backend.to_string(0))};
  subject.service = ServiceName{backend.name, backend.namespace_};
  return options.port.value_or(backend.port);
}

Result<Subject> from_catalog(const Options& options, Targets targets, Catalog& catalog) {
  Subject subject;
  std::uint16_t port = 0;
  subject.urls = std::move(targets.urls);
  subject.world.search = name_search(options, catalog.namespace_());
  JUNCTION_TRY_ASSIGN(subject.world.routes, catalog.routes());
  if (targets.service) {
    subject.service = ServiceName{*targets.service, catalog.namespace_()};
  } else if (!subject.urls.empty()) {
    JUNCTION_TRY_ASSIGN(port, find_by_url(options, catalog, subject));
  } else if (auto only = catalog.only_service()) {
    subject.service = std::move(*only);
  } else {
    return usage_error("name a Service to explain: service/NAME, or a URL");
  }
  JUNCTION_TRY(read_service(options, catalog, port, subject));
  JUNCTION_TRY(Explorer(catalog, subject).load(*subject.service));
  return subject;
}

Result<Subject> from_flags(Targets targets) {
  if (targets.service)
    return usage_error(
        fmt::format("'{}' and --endpoints both say where to look: use one of them, or name the Service's "
                    "manifest with -f",
                    *targets.service));
  Subject subject;
  subject.urls = std::move(targets.urls);
  subject.backend.policy.type = junction::Policy::Type::ring_hash;
  subject.backend.policy_source = "flags";
  return subject;
}

}  // namespace

Result<Targets> sort_targets(const std::vector<std::string>& words) {
  Targets targets;
  std::vector<std::string> names;
  for (const std::string& text : words) {
    if (text.find("://") == std::string::npos) {
      JUNCTION_TRY(check_scheme(text));
      names.push_back(text);
      continue;
    }
    JUNCTION_TRY(junction::Url::parse(text));
    targets.urls.push_back(text);
  }
  if (names.empty()) return targets;
  JUNCTION_TRY_ASSIGN(const auto found, parse_targets(names, "service"));
  if (found.size() > 1)
    return usage_error(
        fmt::format("explain one Service at a time, not both '{}' and '{}'", found[0].name, found[1].name));
  const Target& target = found.front();
  if (target.kind != "service")
    return usage_error(
        fmt::format("'{}/{}' is not a target: write service/NAME or a URL", target.kind, target.name));
  targets.service = target.name;
  return targets;
}

Result<Subject> find_subject(const Options& options, Targets targets, Catalog* catalog) {
  auto subject =
      catalog ? from_catalog(options, std::move(targets), *catalog) : from_flags(std::move(targets));
  if (!subject) return subject;
  junction::kube::Backend& backend = subject->backend;
  if (options.endpoints) {
    JUNCTION_TRY_ASSIGN(backend.endpoints.endpoints, junction::read_endpoint_list(*options.endpoints));
    backend.endpoints.excluded.clear();
    backend.kubernetes = backend.endpoints;
  }
  if (options.policy.any()) {
    JUNCTION_TRY_ASSIGN(auto policy, policy_of_flags(options.policy, backend.policy));
    junction::kube::override_policy(backend, std::move(policy), "flags");
  }
  return subject;
}

}  // namespace junctionctl::explain
