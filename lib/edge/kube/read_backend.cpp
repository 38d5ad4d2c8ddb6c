#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "edge/kube/backend_state.hpp"
#include "junction/kube/backend_watch.hpp"
#include "junction/kube/objects.hpp"
#include "junction/policy_json.hpp"

namespace junction::kube {

std::string slices_selector(const std::string& service) {
  return "kubernetes.io/service-name=" + service;
}

Result<Policy> policy_of(const Service& service, std::uint16_t port) {
  const std::string key = Service::policy_annotation(port);
  const auto found = service.annotations.find(key);
  if (found == service.annotations.end()) return Policy{};
  auto policy = parse_policy(found->second);
  if (policy) return policy;
  return Error{ErrorKind::invalid, fmt::format("service/{} has a broken annotation {}: {}", service.name, key,
                                               policy.error().message)};
}

Result<Backend> make_backend(Service service, std::uint16_t port, std::vector<EndpointSlice> slices) {
  auto policy = policy_of(service, port);
  if (!policy) return std::move(policy).error();
  auto endpoints = service.type == "ExternalName" ? resolve_external_name(service, port)
                                                  : backend_endpoints(service, port, slices);
  if (!endpoints) return std::move(endpoints).error();
  return Backend{std::move(service), port, std::move(slices), std::move(*policy), std::move(*endpoints)};
}

Result<Backend> read_backend(Client& client, const std::string& namespace_, const std::string& name,
                             std::uint16_t port) {
  const auto object = client.get(service_path(namespace_, name));
  if (!object) return object.error();
  auto service = parse_service(*object);
  if (!service) return std::move(service).error();
  const auto list = client.list(endpoint_slices_path(namespace_), {.label_selector = slices_selector(name)});
  if (!list) return list.error();
  std::vector<EndpointSlice> slices;
  for (const auto& item : (*list)["items"]) {
    auto slice = parse_endpoint_slice(item);
    if (!slice) return std::move(slice).error();
    slices.push_back(std::move(*slice));
  }
  return make_backend(std::move(*service), port, std::move(slices));
}

}  // namespace junction::kube
