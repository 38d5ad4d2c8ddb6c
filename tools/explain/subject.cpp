#include "tools/explain/subject.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <utility>

#include "junction/endpoint_list.hpp"
#include "junction/kube/backend_watch.hpp"
#include "junction/policy_json.hpp"
#include "junction/route_json.hpp"
#include "junction/url.hpp"
#include "tools/explain/policy.hpp"

namespace junctionctl::explain {
namespace {

using junction::Error;
using junction::ErrorKind;
using junction::Result;
using junction::ServiceName;

Result<std::string> service_target(const std::string& text) {
  const std::size_t slash = text.find('/');
  const std::string kind = text.substr(0, slash == std::string::npos ? 0 : slash);
  const std::string name = slash == std::string::npos ? text : text.substr(slash + 1);
  if (slash != std::string::npos && kind != "service" && kind != "svc" && kind != "services") {
    const bool host =
        kind.find('.') != std::string::npos || kind.find(':') != std::string::npos || kind.empty();
    return Error{ErrorKind::usage,
                 host ? fmt::format("'{}' has no scheme: a URL to explain begins with http://", text)
                      : fmt::format("'{}' is not a target: write service/NAME or a URL", text)};
  }
  if (name.empty() || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
    return Error{ErrorKind::usage,
                 fmt::format("'{}' is not a target: write service/NAME, or a URL with http://", text)};
  return name;
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
    const auto headers = parsed_headers(options);
    if (!headers) return headers.error();
    std::vector<junction::Header> views;
    for (const auto& [name, value] : *headers) views.push_back({name, value});
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

// One annotation that the control plane refuses makes it drop the Service, whichever port it is for.
void judge_annotations(Subject& subject) {
  static constexpr std::string_view prefix = "junctionlabs.io/backend.lb.";
  const std::string own = junction::Service::policy_annotation(subject.port);
  subject.policy_source = fmt::format("no annotation {}", own);
  for (const auto& [key, value] : subject.objects->service.annotations) {
    if (!key.starts_with(prefix)) continue;
    auto policy = junction::parse_policy(value);
    if (!policy) subject.refused_annotations.push_back({key, policy.error().message});
    if (key != own) continue;
    subject.policy_source = fmt::format("annotation {}", key);
    if (policy) subject.policy = std::move(*policy);
  }
  if (subject.refused_annotations.empty()) return;
  const junction::RefusedAnnotation& first = subject.refused_annotations.front();
  subject.refused = fmt::format("annotation {}: {}", first.key, first.why);
}

// Endpoints and policy as the control plane makes them of the objects; what it refuses goes to `refused`.
Result<void> judge(Subject& subject) {
  const junction::Service& service = subject.objects->service;
  const bool dns = service.type == "ExternalName";
  auto endpoints = dns ? junction::kube::resolve_external_name(service, subject.port)
                       : junction::backend_endpoints(service, subject.port, subject.objects->slices);
  if (dns && !endpoints) return endpoints.error();  // the resolver's trouble, and not the control plane's
  if (endpoints) {
    subject.endpoints = std::move(endpoints->endpoints);
    subject.excluded = std::move(endpoints->excluded);
  } else {
    subject.refused = endpoints.error().message;
  }
  judge_annotations(subject);
  return {};
}

Result<void> read_service(const Options& options, Catalog& catalog, Subject& subject) {
  auto found = catalog.find(*subject.service);
  if (!found) return std::move(found).error();
  if (!*found)
    return Error{ErrorKind::not_found,
                 fmt::format("service/{} is not in namespace {} of {}", subject.service->name,
                             subject.service->namespace_, catalog.place())};
  subject.objects = std::move(**found);
  if (subject.port == 0) {
    const auto port = choose_port(options, subject.objects->service);
    if (!port) return port.error();
    subject.port = *port;
  }
  if (!subject.objects->service.find_port(subject.port))
    return junction::backend_endpoints(subject.objects->service, subject.port, {}).error();
  return judge(subject);
}

Result<void> find_by_url(const Options& options, Catalog& catalog, Subject& subject) {
  Explorer explorer(catalog, subject);
  for (const std::string& url : subject.urls)
    if (auto loaded = explorer.load(*junction::Url::parse(url)); !loaded) return loaded;
  const auto backend = backend_of_urls(options, subject);
  if (!backend) return backend.error();
  if (backend->kind == junction::BackendRef::Kind::dns)
    return Error{ErrorKind::unsupported,
                 fmt::format("the route leads to the DNS name {}: give its addresses with "
                             "--endpoints to explain further",
                             backend->to_string(0))};
  subject.service = ServiceName{backend->name, backend->namespace_};
  subject.port = options.port.value_or(backend->port);
  return {};
}

Result<Subject> from_catalog(const Options& options, Targets targets, Catalog& catalog) {
  Subject subject;
  subject.urls = std::move(targets.urls);
  subject.world.search = name_search(options, catalog.namespace_());
  auto routes = catalog.routes();
  if (!routes) return std::move(routes).error();
  subject.world.routes = std::move(*routes);
  if (targets.service) {
    subject.service = ServiceName{*targets.service, catalog.namespace_()};
  } else if (!subject.urls.empty()) {
    if (auto found = find_by_url(options, catalog, subject); !found) return std::move(found).error();
  } else if (auto only = catalog.only_service()) {
    subject.service = std::move(*only);
  } else {
    return Error{ErrorKind::usage, "name a Service to explain: service/NAME, or a URL"};
  }
  if (auto read = read_service(options, catalog, subject); !read) return std::move(read).error();
  if (auto loaded = Explorer(catalog, subject).load(*subject.service); !loaded)
    return std::move(loaded).error();
  return subject;
}

Result<Subject> from_flags(const Options& options, Targets targets) {
  if (targets.service)
    return Error{ErrorKind::usage, fmt::format("'{}' and --endpoints both say where to look: use one of them",
                                               *targets.service)};
  Subject subject;
  subject.urls = std::move(targets.urls);
  auto endpoints = junction::read_endpoint_list(*options.endpoints);
  if (!endpoints) return std::move(endpoints).error();
  subject.endpoints = std::move(*endpoints);
  subject.policy.type = junction::Policy::Type::ring_hash;
  subject.policy_source = "flags";
  return subject;
}

// A policy from the command line stands in for the annotation, broken or not.
void replace_policy(Subject& subject) {
  subject.policy_source = "flags";
  if (!subject.service) return;
  const std::string own = junction::Service::policy_annotation(subject.port);
  std::erase_if(subject.refused_annotations, [&](const auto& refused) { return refused.key == own; });
  if (subject.refused.starts_with("annotation " + own)) subject.refused.clear();
}

}  // namespace

Result<Targets> sort_targets(const std::vector<std::string>& words) {
  Targets targets;
  for (const std::string& text : words) {
    if (text.find("://") != std::string::npos) {
      if (const auto url = junction::Url::parse(text); !url) return url.error();
      targets.urls.push_back(text);
      continue;
    }
    auto service = service_target(text);
    if (!service) return std::move(service).error();
    if (targets.service)
      return Error{ErrorKind::usage, fmt::format("explain one Service at a time, not both '{}' and '{}'",
                                                 *targets.service, *service)};
    targets.service = std::move(*service);
  }
  return targets;
}

Result<Subject> find_subject(const Options& options, Targets targets, Catalog* catalog) {
  auto subject =
      catalog ? from_catalog(options, std::move(targets), *catalog) : from_flags(options, std::move(targets));
  if (!subject) return subject;
  auto changed = apply_policy_options(options, subject->policy);
  if (!changed) return std::move(changed).error();
  if (*changed) replace_policy(*subject);
  return subject;
}

}  // namespace junctionctl::explain
