#include "junction/kube/objects.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "edge/files/field.hpp"

namespace junction::kube {
namespace {

using nlohmann::json;

// Whose message it is: "service/wineinfo", or the kind alone.
std::string name_of(const json& object, const char* kind) {
  const json& name = member(member(object, "metadata"), "name");
  return name.is_string() ? fmt::format("{}/{}", kind, name.get_ref<const std::string&>()) : kind;
}

/// An object of the API; what is wrong in it is said with its kind and name.
template <typename Read>
auto read_object(const json& object, const char* kind, Read read) {
  auto found = read_fields(object, read);
  if (!found) return decltype(found)(std::move(found).error().at(name_of(object, kind)));
  return found;
}

std::map<std::string, std::string> text_map(const Field& texts) {
  std::map<std::string, std::string> map;
  for (const auto& [name, value] : texts.members_or_none()) map.emplace(name, value.text());
  return map;
}

std::vector<std::string> text_list(const Field& texts) {
  std::vector<std::string> list;
  for (const Field text : texts.items_or_none()) list.push_back(text.text());
  return list;
}

ServicePort parse_service_port(const Field& object) {
  ServicePort port;
  port.name = object["name"].text_or_empty();
  port.port = object["port"].whole<std::uint16_t>();
  port.protocol = object["protocol"].text_or("TCP");
  const Field target = object["targetPort"];
  if (target.json().is_string()) {
    port.target_port = target.text();
  } else {  // unset or 0 (headless Services): the port itself
    const std::uint16_t number = target.whole_or_none<std::uint16_t>().value_or(0);
    port.target_port = number == 0 ? port.port : number;
  }
  return port;
}

SliceEndpoint parse_slice_endpoint(const Field& object) {
  SliceEndpoint endpoint;
  endpoint.addresses = text_list(object["addresses"]);
  const Field conditions = object["conditions"];
  endpoint.ready = conditions["ready"].boolean_or_none();
  endpoint.serving = conditions["serving"].boolean_or_none();
  endpoint.terminating = conditions["terminating"].boolean_or_none();
  endpoint.zone = object["zone"].text_or_empty();
  endpoint.hostname = object["hostname"].text_or_empty();
  const Field target = object["targetRef"];
  if (target["kind"].text_or_empty() == "Pod") endpoint.pod = target["name"].text_or_empty();
  return endpoint;
}

SlicePort parse_slice_port(const Field& object) {
  return {.name = object["name"].text_or_empty(),
          .port = object["port"].whole_or_none<std::uint16_t>(),
          .protocol = object["protocol"].text_or("TCP")};
}

SliceEndpoint parse_subset_address(const Field& object) {
  SliceEndpoint endpoint;
  endpoint.addresses = {object["ip"].text_or_empty()};
  endpoint.hostname = object["hostname"].text_or_empty();
  const Field target = object["targetRef"];
  if (target["kind"].text_or_empty() == "Pod") endpoint.pod = target["name"].text_or_empty();
  return endpoint;
}

bool has_condition(const Field& status, const char* type) {
  for (const Field condition : status["conditions"].items_or_none())
    if (condition["type"].text_or_empty() == type) return condition["status"].text_or_empty() == "True";
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
  return read_object(object, "service", [](const Field& root) {
    const Field metadata = root["metadata"], spec = root["spec"];
    Service service;
    service.name = metadata["name"].text_or_empty();
    service.namespace_ = metadata["namespace"].text_or_empty();
    service.resource_version = metadata["resourceVersion"].text_or_empty();
    service.annotations = text_map(metadata["annotations"]);
    service.type = spec["type"].text_or("ClusterIP");
    service.external_name = spec["externalName"].text_or_empty();
    for (const Field port : spec["ports"].items_or_none()) service.ports.push_back(parse_service_port(port));
    return service;
  });
}

Result<EndpointSlice> parse_endpoint_slice(const json& object) {
  return read_object(object, "endpointslice", [](const Field& root) {
    const Field metadata = root["metadata"];
    EndpointSlice slice;
    slice.name = metadata["name"].text_or_empty();
    slice.namespace_ = metadata["namespace"].text_or_empty();
    slice.resource_version = metadata["resourceVersion"].text_or_empty();
    slice.service = metadata["labels"]["kubernetes.io/service-name"].text_or_empty();
    slice.address_type = root["addressType"].text_or_empty();
    for (const Field port : root["ports"].items_or_none()) slice.ports.push_back(parse_slice_port(port));
    for (const Field endpoint : root["endpoints"].items_or_none())
      slice.endpoints.push_back(parse_slice_endpoint(endpoint));
    return slice;
  });
}

Result<std::vector<EndpointSlice>> parse_endpoints(const json& object) {
  return read_object(object, "endpoints", [](const Field& root) {
    const Field metadata = root["metadata"];
    std::vector<EndpointSlice> slices;
    for (const Field subset : root["subsets"].items_or_none()) {
      EndpointSlice& slice = slices.emplace_back();
      slice.name = slice.service = metadata["name"].text_or_empty();
      slice.namespace_ = metadata["namespace"].text_or_empty();
      slice.endpoints_object = true;
      for (const Field port : subset["ports"].items_or_none()) slice.ports.push_back(parse_slice_port(port));
      for (const char* const list : {"addresses", "notReadyAddresses"})
        for (const Field address : subset[list].items_or_none())
          slice.endpoints.push_back(parse_subset_address(address));
    }
    return slices;
  });
}

Result<Deployment> parse_deployment(const json& object) {
  return read_object(object, "deployment", [](const Field& root) {
    const Field metadata = root["metadata"], spec = root["spec"], selector = spec["selector"];
    Deployment deployment;
    deployment.name = metadata["name"].text_or_empty();
    deployment.namespace_ = metadata["namespace"].text_or_empty();
    deployment.resource_version = metadata["resourceVersion"].text_or_empty();
    deployment.replicas = spec["replicas"].whole_or_none<std::int32_t>().value_or(1);
    deployment.ready_replicas = root["status"]["readyReplicas"].whole_or_none<std::int32_t>().value_or(0);
    deployment.selector.match_labels = text_map(selector["matchLabels"]);
    for (const Field item : selector["matchExpressions"].items_or_none())
      deployment.selector.match_expressions.push_back(
          {item["key"].text_or_empty(), item["operator"].text_or_empty(), text_list(item["values"])});
    return deployment;
  });
}

Result<Pod> parse_pod(const json& object) {
  return read_object(object, "pod", [](const Field& root) {
    const Field metadata = root["metadata"], status = root["status"];
    Pod pod;
    pod.name = metadata["name"].text_or_empty();
    pod.namespace_ = metadata["namespace"].text_or_empty();
    pod.labels = text_map(metadata["labels"]);
    pod.ip = status["podIP"].text_or_empty();
    pod.phase = status["phase"].text_or_empty();
    pod.ready = has_condition(status, "Ready");
    for (const Field container : root["spec"]["containers"].items_or_none())
      pod.containers.push_back(container["name"].text_or_empty());
    return pod;
  });
}

}  // namespace junction::kube
