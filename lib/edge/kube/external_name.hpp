#pragma once

#include <cstdint>

#include "junction/result.hpp"
#include "junction/service.hpp"

namespace junction::kube {

/// The endpoints of an ExternalName Service: the addresses its name resolves to now, sorted, each once, with
/// the Service's port. Blocks as long as the resolver does.
Result<BackendEndpoints> resolve_external_name(const Service& service, std::uint16_t port);

}  // namespace junction::kube
