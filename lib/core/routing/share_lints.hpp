#pragma once

#include <optional>

#include "junction/lint.hpp"

namespace junction {

/// What there is to say about how much of the hash space each address has. An address that is listed twice
/// has what both have. A remedy that names a size was tried on these endpoints, or says that it is an
/// estimate.
std::optional<Lint> lint_shares(const LintedBackend& backend);

/// Whether no endpoint is to have more than another.
bool same_weights(std::span<const Endpoint> endpoints);

}  // namespace junction
