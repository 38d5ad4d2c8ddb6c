#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "junction/service.hpp"

namespace junction {
namespace {

using Why = ExcludedEndpoint::Why;

std::string join(std::string_view ip, std::optional<std::uint16_t> port) {
  if (!port) return std::string(ip);
  const bool v6 = ip.find(':') != std::string_view::npos;
  return v6 ? fmt::format("[{}]:{}", ip, *port) : fmt::format("{}:{}", ip, *port);
}

std::string ip_of(const std::string& joined) {
  const auto address = SocketAddress::parse(joined);
  return address ? address->ip_string() : joined;
}

std::string port_words(const SlicePort& port) {
  if (!port.port) return port.name.empty() ? "one without a name or number" : port.name + " without a number";
  return port.name.empty() ? fmt::format("{} without a name", *port.port)
                           : fmt::format("{}/{}", port.name, *port.port);
}

// A slice that has ports, but not the one.
std::string lacks_port(const EndpointSlice& slice, const SlicePort& wanted) {
  std::vector<std::string> has;
  for (const SlicePort& port : slice.ports) has.push_back(port_words(port));
  const bool any_number = !wanted.port;
  return fmt::format("slice {} has no port {} (it has {})", slice.name,
                     !any_number           ? port_words(wanted)
                     : wanted.name.empty() ? "without a name"
                                           : "named " + wanted.name,
                     has.empty() ? "none" : fmt::format("{}", fmt::join(has, ", ")));
}

/// Collects one Service port's endpoints from slice after slice.
class Collector {
 public:
  Collector(const Service& service, const ServicePort& port, SliceReading reading)
      : service_(service),
        wanted_{.name = port.name, .port = std::nullopt, .protocol = port.protocol},
        junction_(reading == SliceReading::junction) {
    if (junction_) wanted_.port = std::get<std::uint16_t>(port.target_port);
  }

  void add(const EndpointSlice& slice) {
    if (!slice.endpoints_object && !slice.service.empty() && slice.service != service_.name) return;
    if (slice.endpoints_object && slice.name != service_.name) return;
    const auto number = port_of(slice);
    if (slice.endpoints_object)
      return exclude_all(slice, Why::endpoints_object, "Endpoints are not read, EndpointSlices are");
    if (slice.service.empty())
      return exclude_all(slice, Why::no_service_label,
                         fmt::format("slice {} lacks the label kubernetes.io/service-name", slice.name));
    if (!slice.namespace_.empty() && slice.namespace_ != service_.namespace_)
      return exclude_all(slice, Why::other_namespace,
                         fmt::format("slice {} is in namespace {}, the Service in {}", slice.name,
                                     slice.namespace_, service_.namespace_));
    ++found_.slices;
    if (!number) return exclude_all(slice, Why::other_port, lacks_port(slice, wanted_));
    for (const SliceEndpoint& endpoint : slice.endpoints)
      for (const std::string& address : endpoint.addresses) add(slice, endpoint, address, *number);
  }

  BackendEndpoints finish() && {
    if (!junction_) keep_one_family();
    std::stable_sort(found_.endpoints.begin(), found_.endpoints.end(),
                     [](const Endpoint& a, const Endpoint& b) { return a.zone < b.zone; });
    forget_what_another_slice_has();
    return std::move(found_);
  }

 private:
  [[nodiscard]] std::optional<std::uint16_t> port_of(const EndpointSlice& slice) const {
    for (const SlicePort& port : slice.ports)
      if (port.name == wanted_.name && port.port && (!wanted_.port || port.port == wanted_.port))
        return port.port;
    return std::nullopt;
  }

  void exclude(const EndpointSlice& slice, const SliceEndpoint& from, std::string address, Why why,
               std::string detail = {}) {
    found_.excluded.push_back(
        {std::move(address), why, from.pod, slice.name, slice.address_type, std::move(detail)});
  }

  void exclude_all(const EndpointSlice& slice, Why why, const std::string& detail) {
    auto number = port_of(slice);
    for (const SlicePort& port : slice.ports)
      if (!number) number = port.port;
    for (const SliceEndpoint& endpoint : slice.endpoints)
      for (const std::string& ip : endpoint.addresses)
        exclude(slice, endpoint, join(ip, number), why, detail);
  }

  [[nodiscard]] bool reads(const EndpointSlice& slice) const {
    return slice.address_type == "IPv4" || (!junction_ && slice.address_type == "IPv6");
  }

  [[nodiscard]] std::optional<Why> why_idle(const SliceEndpoint& endpoint) const {
    if (!junction_) return endpoint.ready.value_or(true) ? std::nullopt : std::optional(Why::not_serving);
    if (!endpoint.serving && !endpoint.ready) return Why::no_ready_condition;
    return endpoint.serving.value_or(endpoint.ready.value_or(false)) ? std::nullopt
                                                                     : std::optional(Why::not_serving);
  }

  void add(const EndpointSlice& slice, const SliceEndpoint& from, const std::string& ip, std::uint16_t port) {
    const auto leave_out = [&](Why why) { exclude(slice, from, join(ip, port), why); };
    if (!reads(slice)) return leave_out(Why::address_type);
    const auto address = SocketAddress::parse(ip, port);
    if (!address) return leave_out(Why::bad_address);
    if (const auto why = why_idle(from)) return leave_out(*why);
    Endpoint endpoint;
    endpoint.address = *address;
    endpoint.hostname = from.hostname;
    endpoint.pod = from.pod;
    endpoint.zone = from.zone;
    endpoint.ready = from.ready.value_or(!junction_);
    endpoint.serving = true;
    endpoint.terminating = from.terminating.value_or(false);
    found_.endpoints.push_back(std::move(endpoint));
  }

  // A Service of two families has each pod twice; clients take one of its addresses.
  void keep_one_family() {
    const auto is_v6 = [](const Endpoint& e) { return e.address.family == SocketAddress::Family::v6; };
    if (std::all_of(found_.endpoints.begin(), found_.endpoints.end(), is_v6)) return;
    for (const Endpoint& endpoint : found_.endpoints)
      if (is_v6(endpoint))
        found_.excluded.push_back(
            {endpoint.address.to_string(), Why::address_type, endpoint.pod, {}, "IPv6", {}});
    std::erase_if(found_.endpoints, is_v6);
  }

  // Pods with several ports often have a slice for each: who takes requests is not left out anywhere.
  void forget_what_another_slice_has() {
    std::set<std::string> used;
    if (!found_.excluded.empty())
      for (const Endpoint& endpoint : found_.endpoints) used.insert(endpoint.address.ip_string());
    std::erase_if(found_.excluded, [&](const ExcludedEndpoint& excluded) {
      return !excluded.detail.empty() && used.contains(ip_of(excluded.address));
    });
  }

  const Service& service_;
  SlicePort wanted_;  ///< without a number: any
  bool junction_;
  BackendEndpoints found_;
};

}  // namespace

BackendEndpoints backend_endpoints(const Service& service, const ServicePort& port,
                                   std::span<const EndpointSlice> slices, SliceReading reading) {
  Collector collector(service, port, reading);
  for (const EndpointSlice& slice : slices) collector.add(slice);
  return std::move(collector).finish();
}

}  // namespace junction
