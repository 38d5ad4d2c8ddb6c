#pragma once

#include <string>
#include <utility>
#include <vector>

#include "junction/policy.hpp"
#include "junction/result.hpp"
#include "tools/explain/options.hpp"

namespace junctionctl::explain {

/// Lays --lb, --min-ring-size and --hash-* over `policy`; says whether they changed anything. --lb takes the
/// place of the whole policy, the others of their part, and any of those makes it a RingHash policy.
junction::Result<bool> apply_policy_options(const Options& options, junction::Policy& policy);

/// The headers of the command line, taken apart.
junction::Result<std::vector<std::pair<std::string, std::string>>> parsed_headers(const Options& options);

}  // namespace junctionctl::explain
