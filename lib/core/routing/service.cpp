#include "junction/service.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "junction/ascii.hpp"

namespace junction {

std::optional<ServicePort> Service::find_port(std::uint16_t wanted) const {
  for (const ServicePort& candidate : ports)
    if (candidate.port == wanted) return candidate;
  if (type == "ExternalName" && ports.empty() && (wanted == 80 || wanted == 443))
    return ServicePort{.port = wanted, .target_port = wanted};
  return std::nullopt;
}

std::string Service::policy_annotation(std::uint16_t port) {
  return fmt::format("{}{}", policy_prefix, port);
}

std::optional<std::uint16_t> Service::policy_port(std::string_view key) {
  if (!key.starts_with(policy_prefix)) return std::nullopt;
  const auto port = whole_number<std::uint16_t>(key.substr(policy_prefix.size()));
  // The control plane makes keys of ports and looks for them, so 080 is nobody's.
  return port && key == policy_annotation(*port) ? port : std::nullopt;
}

std::string ports_in_words(const Service& service) {
  std::string list;
  for (const ServicePort& port : service.ports) {
    if (!list.empty()) list += ", ";
    list += port.name.empty() ? fmt::format("{}", port.port) : fmt::format("{} ({})", port.port, port.name);
  }
  if (!list.empty()) return list;
  return service.type == "ExternalName" ? "80 and 443" : "none";
}

std::string Refusal::to_string() const {
  return kind == Kind::annotation ? fmt::format("annotation {}: {}", key, reason) : reason;
}

std::vector<Refusal> refusals_of_shape(const Service& service) {
  using Kind = Refusal::Kind;
  if (service.type == "ExternalName") return {};
  std::vector<Refusal> refusals;
  if (service.type != "ClusterIP")
    refusals.push_back(
        {Kind::service_type, 0, {}, fmt::format("service/{} is of type {}", service.name, service.type)});
  for (const ServicePort& port : service.ports)
    if (const auto* const name = std::get_if<std::string>(&port.target_port))
      refusals.push_back(
          {Kind::named_target_port,
           port.port,
           {},
           fmt::format("port {} of service/{} has the targetPort '{}'", port.port, service.name, *name)});
  return refusals;
}

std::string_view why_name(ExcludedEndpoint::Why why) {
  using enum ExcludedEndpoint::Why;
  switch (why) {
    case not_serving:
      return "not_serving";
    case no_ready_condition:
      return "no_ready_condition";
    case address_type:
      return "address_type";
    case bad_address:
      return "bad_address";
    case other_port:
      return "other_port";
    case other_namespace:
      return "other_namespace";
    case no_service_label:
      return "no_service_label";
    case endpoints_object:
      break;
  }
  return "endpoints_object";
}

}  // namespace junction
