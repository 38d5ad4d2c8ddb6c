#pragma once

#include <string>
#include <vector>

#include "junction/kube/backend_watch.hpp"

namespace junction::kube {

/// Label selector of a Service's EndpointSlices.
std::string slices_selector(const std::string& service);

Result<Backend> make_backend(Service service, std::uint16_t port, std::vector<EndpointSlice> slices);

}  // namespace junction::kube
