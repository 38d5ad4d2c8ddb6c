#include "junction/kube/backend.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "edge/kube/external_name.hpp"
#include "junction/kube/objects.hpp"
#include "junction/policy_json.hpp"
#include "junction/try.hpp"

namespace junction::kube {
namespace {

// The policy of the port, and what is refused of any port's.
void judge_policies(Backend& backend) {
  const std::string own = Service::policy_annotation(backend.port);
  backend.policy_source = fmt::format("no annotation {}", own);
  for (const auto& [key, value] : backend.service.annotations) {
    const auto port = Service::policy_port(key);
    if (!port || !backend.service.find_port(*port)) continue;
    auto policy = parse_policy(value);
    if (!policy)
      backend.refusals.push_back({Refusal::Kind::annotation, *port, key, std::move(policy).error().message});
    if (key != own) continue;
    backend.policy_source = fmt::format("annotation {}", key);
    if (policy) backend.policy = std::move(*policy);
  }
}

Result<void> find_addresses(Backend& backend) {
  auto found = resolve_external_name(backend.service, backend.port);
  if (!found && backend.dropped()) return {};  // nobody will ask for them
  if (!found) return std::move(found).error();
  backend.endpoints = backend.kubernetes = std::move(*found);
  return {};
}

}  // namespace

std::string Backend::why_dropped() const {
  return refusals.empty() ? std::string() : refusals.front().to_string();
}

std::vector<Endpoint> Backend::in_force() const {
  return dropped() ? std::vector<Endpoint>() : endpoints.endpoints;
}

Result<Backend> judge_backend(Service service, std::span<const EndpointSlice> slices, std::uint16_t port) {
  const auto service_port = service.find_port(port);
  if (!service_port)
    return Error{ErrorKind::not_found, fmt::format("service/{} has no port {}: it has {}", service.name, port,
                                                   ports_in_words(service))};
  Backend backend;
  backend.service = std::move(service);
  backend.port = port;
  judge_policies(backend);
  for (Refusal& refusal : refusals_of_shape(backend.service)) backend.refusals.push_back(std::move(refusal));
  if (backend.service.type == "ExternalName") {
    JUNCTION_TRY(find_addresses(backend));
    return backend;
  }
  backend.kubernetes = backend_endpoints(backend.service, *service_port, slices, SliceReading::kubernetes);
  const bool numbered = std::holds_alternative<std::uint16_t>(service_port->target_port);
  // With a name there is nothing that the control plane could compare: what is there is shown all the same.
  backend.endpoints =
      numbered ? backend_endpoints(backend.service, *service_port, slices) : backend.kubernetes;
  return backend;
}

void override_policy(Backend& backend, Policy policy, std::string source) {
  backend.policy = std::move(policy);
  backend.policy_source = std::move(source);
  std::erase_if(backend.refusals, [&](const Refusal& refusal) {
    return refusal.kind == Refusal::Kind::annotation && refusal.port == backend.port;
  });
}

std::string slices_selector(const std::string& service) {
  return "kubernetes.io/service-name=" + service;
}

Result<ServiceObjects> read_service(Client& client, const std::string& namespace_, const std::string& name) {
  JUNCTION_TRY_ASSIGN(const auto object, client.get(service_path(namespace_, name)));
  ServiceObjects found;
  JUNCTION_TRY_ASSIGN(found.service, parse_service(object));
  const auto list = client.list(endpoint_slices_path(namespace_), {.label_selector = slices_selector(name)});
  if (!list && list.error().kind == ErrorKind::not_found)  // the Service is there: not to be mistaken for it
    return Error{ErrorKind::unsupported, list.error().message};
  if (!list) return list.error();
  for (const auto& item : list->value("items", nlohmann::json::array())) {
    JUNCTION_TRY_ASSIGN(auto slice, parse_endpoint_slice(item));
    found.slices.push_back(std::move(slice));
  }
  return found;
}

Result<Backend> read_backend(Client& client, const std::string& namespace_, const std::string& name,
                             std::uint16_t port) {
  JUNCTION_TRY_ASSIGN(auto found, read_service(client, namespace_, name));
  return judge_backend(std::move(found.service), found.slices, port);
}

}  // namespace junction::kube
