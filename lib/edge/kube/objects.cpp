#include "junction/kube/objects.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "edge/kube/fields.hpp"

namespace junction::kube {
namespace {

using nlohmann::json;

std::string name_of(const json& object, const char* kind) {
  const json& name = field(field(object, "metadata"), "name");
  return name.is_string() ? fmt::format("{}/{}", kind, name.get_ref<const std::string&>()) : kind;
}

std::map<std::string, std::string> text_map(const json& object, const char* name) {
  std::map<std::string, std::string> map;
  for (const auto& item : map_field(object, name).items()) {
    if (!item.value().is_string()) wrong_field(item.key().c_str(), "a string", item.value());
    map.emplace(item.key(), item.value().get<std::string>());
  }
  return map;
}

std::vector<std::string> text_list(const json& object, const char* name) {
  std::vector<std::string> list;
  for (const json& item : list_field(object, name)) {
    if (!item.is_string()) wrong_field(name, "a list of strings", item);
    list.push_back(item.get<std::string>());
  }
  return list;
}

ServicePort parse_service_port(const json& object) {
  ServicePort port;
  port.name = text_field(object, "name");
  const auto number = number_field<std::uint16_t>(object, "port");
  if (!number) throw FieldError{"a port without a number"};
  port.port = *number;
  port.protocol = text_field(object, "protocol", "TCP");
  const json& target = field(object, "targetPort");
  if (target.is_string())
    port.target_port = target.get<std::string>();
  else  // unset or 0 (headless Services): the port itself
    port.target_port = number_field<std::uint16_t>(object, "targetPort").value_or(0) == 0
                           ? port.port
                           : *number_field<std::uint16_t>(object, "targetPort");
  return port;
}

SliceEndpoint parse_slice_endpoint(const json& object) {
  SliceEndpoint endpoint;
  endpoint.addresses = text_list(object, "addresses");
  const json& conditions = map_field(object, "conditions");
  endpoint.ready = bool_field(conditions, "ready");
  endpoint.serving = bool_field(conditions, "serving");
  endpoint.terminating = bool_field(conditions, "terminating");
  endpoint.zone = text_field(object, "zone");
  endpoint.hostname = text_field(object, "hostname");
  const json& target = map_field(object, "targetRef");
  if (text_field(target, "kind") == "Pod") endpoint.pod = text_field(target, "name");
  return endpoint;
}

SlicePort parse_slice_port(const json& object) {
  return {.name = text_field(object, "name"),
          .port = number_field<std::uint16_t>(object, "port"),
          .protocol = text_field(object, "protocol", "TCP")};
}

SliceEndpoint parse_subset_address(const json& object) {
  SliceEndpoint endpoint;
  endpoint.addresses = {text_field(object, "ip")};
  endpoint.hostname = text_field(object, "hostname");
  const json& target = map_field(object, "targetRef");
  if (text_field(target, "kind") == "Pod") endpoint.pod = text_field(target, "name");
  return endpoint;
}

bool has_condition(const json& status, const char* type) {
  for (const json& condition : list_field(status, "conditions"))
    if (text_field(condition, "type") == type) return text_field(condition, "status") == "True";
  return false;
}

std::string requirement_text(const SelectorRequirement& requirement) {
  if (requirement.operator_ == "Exists") return requirement.key;
  if (requirement.operator_ == "DoesNotExist") return "!" + requirement.key;
  const char* const word = requirement.operator_ == "NotIn" ? "notin" : "in";
  return fmt::format("{} {} ({})", requirement.key, word, fmt::join(requirement.values, ","));
}

}  // namespace

std::string LabelSelector::to_string() const {
  std::vector<std::string> parts;
  for (const auto& [key, value] : match_labels) parts.push_back(key + "=" + value);
  for (const SelectorRequirement& requirement : match_expressions)
    parts.push_back(requirement_text(requirement));
  return fmt::format("{}", fmt::join(parts, ","));
}

Result<Service> parse_service(const json& object) {
  return reading(name_of(object, "service"), [&] {
    const json& metadata = map_field(object, "metadata");
    const json& spec = map_field(object, "spec");
    Service service;
    service.name = text_field(metadata, "name");
    service.namespace_ = text_field(metadata, "namespace");
    service.resource_version = text_field(metadata, "resourceVersion");
    service.annotations = text_map(metadata, "annotations");
    service.type = text_field(spec, "type", "ClusterIP");
    service.external_name = text_field(spec, "externalName");
    for (const json& port : list_field(spec, "ports")) service.ports.push_back(parse_service_port(port));
    return service;
  });
}

Result<EndpointSlice> parse_endpoint_slice(const json& object) {
  return reading(name_of(object, "endpointslice"), [&] {
    const json& metadata = map_field(object, "metadata");
    EndpointSlice slice;
    slice.name = text_field(metadata, "name");
    slice.namespace_ = text_field(metadata, "namespace");
    slice.resource_version = text_field(metadata, "resourceVersion");
    slice.service = text_field(map_field(metadata, "labels"), "kubernetes.io/service-name");
    slice.address_type = text_field(object, "addressType");
    for (const json& port : list_field(object, "ports")) slice.ports.push_back(parse_slice_port(port));
    for (const json& endpoint : list_field(object, "endpoints"))
      slice.endpoints.push_back(parse_slice_endpoint(endpoint));
    return slice;
  });
}

Result<std::vector<EndpointSlice>> parse_endpoints(const json& object) {
  return reading(name_of(object, "endpoints"), [&] {
    const json& metadata = map_field(object, "metadata");
    std::vector<EndpointSlice> slices;
    for (const json& subset : list_field(object, "subsets")) {
      EndpointSlice& slice = slices.emplace_back();
      slice.name = slice.service = text_field(metadata, "name");
      slice.namespace_ = text_field(metadata, "namespace");
      slice.endpoints_object = true;
      for (const json& port : list_field(subset, "ports")) slice.ports.push_back(parse_slice_port(port));
      for (const char* const list : {"addresses", "notReadyAddresses"})
        for (const json& address : list_field(subset, list))
          slice.endpoints.push_back(parse_subset_address(address));
    }
    return slices;
  });
}

Result<Deployment> parse_deployment(const json& object) {
  return reading(name_of(object, "deployment"), [&] {
    const json& metadata = map_field(object, "metadata");
    const json& spec = map_field(object, "spec");
    Deployment deployment;
    deployment.name = text_field(metadata, "name");
    deployment.namespace_ = text_field(metadata, "namespace");
    deployment.resource_version = text_field(metadata, "resourceVersion");
    deployment.replicas = number_field<std::int32_t>(spec, "replicas").value_or(1);
    deployment.ready_replicas =
        number_field<std::int32_t>(map_field(object, "status"), "readyReplicas").value_or(0);
    const json& selector = map_field(spec, "selector");
    deployment.selector.match_labels = text_map(selector, "matchLabels");
    for (const json& item : list_field(selector, "matchExpressions"))
      deployment.selector.match_expressions.push_back(
          {text_field(item, "key"), text_field(item, "operator"), text_list(item, "values")});
    return deployment;
  });
}

Result<Pod> parse_pod(const json& object) {
  return reading(name_of(object, "pod"), [&] {
    const json& metadata = map_field(object, "metadata");
    const json& status = map_field(object, "status");
    Pod pod;
    pod.name = text_field(metadata, "name");
    pod.namespace_ = text_field(metadata, "namespace");
    pod.labels = text_map(metadata, "labels");
    pod.ip = text_field(status, "podIP");
    pod.phase = text_field(status, "phase");
    pod.ready = has_condition(status, "Ready");
    for (const json& container : list_field(map_field(object, "spec"), "containers"))
      pod.containers.push_back(text_field(container, "name"));
    return pod;
  });
}

}  // namespace junction::kube
