#include "junction/service.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace junction {
namespace {

std::string list_ports(const Service& service) {
  std::string list;
  for (const ServicePort& port : service.ports) {
    if (!list.empty()) list += ", ";
    list += port.name.empty() ? fmt::format("{}", port.port) : fmt::format("{} ({})", port.port, port.name);
  }
  return list.empty() ? "no ports" : list;
}

bool counts(const SliceEndpoint& endpoint) {
  return endpoint.serving.value_or(endpoint.ready.value_or(false));
}

std::string join(std::string_view ip, std::uint16_t port) {
  const bool v6 = ip.find(':') != std::string_view::npos;
  return v6 ? fmt::format("[{}]:{}", ip, port) : fmt::format("{}:{}", ip, port);
}

/// Collects one Service port's endpoints from slice after slice.
class Collector {
 public:
  Collector(std::string_view port_name, std::uint16_t target) : port_name_(port_name), target_(target) {}

  void add(const EndpointSlice& slice) {
    const bool has_port = std::any_of(slice.ports.begin(), slice.ports.end(), [&](const SlicePort& port) {
      return port.name == port_name_ && port.port == target_;
    });
    if (!has_port) return;
    for (const SliceEndpoint& endpoint : slice.endpoints)
      for (const std::string& address : endpoint.addresses) add(slice, endpoint, address);
  }

  BackendEndpoints finish() && {
    std::stable_sort(found_.endpoints.begin(), found_.endpoints.end(),
                     [](const Endpoint& a, const Endpoint& b) { return a.zone < b.zone; });
    return std::move(found_);
  }

 private:
  void add(const EndpointSlice& slice, const SliceEndpoint& from, const std::string& ip) {
    const auto exclude = [&](ExcludedEndpoint::Why why) {
      found_.excluded.push_back({join(ip, target_), why, from.pod, slice.name});
    };
    if (slice.address_type != "IPv4") return exclude(ExcludedEndpoint::Why::address_type);
    const auto address = SocketAddress::parse(ip, target_);
    if (!address) return exclude(ExcludedEndpoint::Why::bad_address);
    if (!counts(from)) return exclude(ExcludedEndpoint::Why::not_serving);
    Endpoint endpoint;
    endpoint.address = *address;
    endpoint.hostname = from.hostname;
    endpoint.pod = from.pod;
    endpoint.zone = from.zone;
    endpoint.ready = from.ready.value_or(false);
    endpoint.serving = true;
    endpoint.terminating = from.terminating.value_or(false);
    found_.endpoints.push_back(std::move(endpoint));
  }

  std::string_view port_name_;
  std::uint16_t target_;
  BackendEndpoints found_;
};

}  // namespace

std::optional<ServicePort> Service::find_port(std::uint16_t wanted) const {
  for (const ServicePort& candidate : ports)
    if (candidate.port == wanted) return candidate;
  if (type == "ExternalName" && ports.empty() && (wanted == 80 || wanted == 443))
    return ServicePort{.port = wanted, .target_port = wanted};
  return std::nullopt;
}

std::string Service::policy_annotation(std::uint16_t port) {
  return fmt::format("junctionlabs.io/backend.lb.{}", port);
}

Result<BackendEndpoints> backend_endpoints(const Service& service, std::uint16_t port,
                                           std::span<const EndpointSlice> slices) {
  const auto service_port = service.find_port(port);
  if (!service_port)
    return Error{ErrorKind::not_found, fmt::format("service/{} has no port {}: it has {}", service.name, port,
                                                   list_ports(service))};
  if (service.type != "ClusterIP")
    return Error{
        ErrorKind::unsupported,
        fmt::format("service/{} is of type {}: its endpoints are not in EndpointSlices that Junction reads",
                    service.name, service.type)};
  const auto* const target = std::get_if<std::uint16_t>(&service_port->target_port);
  if (!target)
    return Error{
        ErrorKind::unsupported,
        fmt::format(
            "service/{} port {} has the named targetPort '{}', which Junction refuses: write its number",
            service.name, port, std::get<std::string>(service_port->target_port))};
  Collector collector(service_port->name, *target);
  for (const EndpointSlice& slice : slices) collector.add(slice);
  return std::move(collector).finish();
}

}  // namespace junction
