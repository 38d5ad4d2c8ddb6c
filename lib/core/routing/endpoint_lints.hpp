#pragma once

#include <optional>
#include <vector>

#include "junction/lint.hpp"

namespace junction {

/// What there is to say where no endpoint is left, with the reasons why those that are listed somewhere are
/// not.
std::vector<Lint> lint_no_endpoints(const LintedBackend& backend);

/// What there is to say about single endpoints: idle, leaving, or there twice.
std::vector<Lint> lint_each_endpoint(const LintedBackend& backend);

}  // namespace junction
