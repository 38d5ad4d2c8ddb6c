#pragma once

#include <nlohmann/json_fwd.hpp>

#include "junction/export.hpp"
#include "junction/result.hpp"
#include "junction/route.hpp"

namespace junction {

/// Reads a Gateway API HTTPRoute whose parentRefs are Services (group "", kind Service) or DNS names (group
/// junctionlabs.io, kind DNS), as Junction's control plane does. What Junction refuses (another parent, a
/// pattern that is no regular expression, a port out of range) is refused by name. Filters, retries and
/// timeouts do not decide where a request goes and are left alone.
JUNCTION_EXPORT Result<Route> parse_http_route(const nlohmann::json& object);

/// Regular expressions in RE2's syntax, which is that of Junction's. Patterns are compiled once and kept.
JUNCTION_EXPORT RegexSearch regex_search();

}  // namespace junction
