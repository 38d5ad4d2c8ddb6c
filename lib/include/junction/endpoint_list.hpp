#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "junction/endpoint.hpp"
#include "junction/export.hpp"
#include "junction/result.hpp"

namespace junction {

/// Endpoints as people write them: addresses between commas, spaces or line ends, or a JSON object a line,
/// {"address":"10.0.0.1:80","weight":3,"hash_key":"a","hostname":"b","pod":"c","zone":"d"}, or one JSON array
/// of either. Order and duplicates are kept; no endpoint at all is an empty list. `origin` names the text in
/// errors.
JUNCTION_EXPORT Result<std::vector<Endpoint>> parse_endpoint_list(std::string_view text,
                                                                  std::string_view origin);

/// The same for a value of the command line: a list, or "@FILE" ("@-" is standard input).
JUNCTION_EXPORT Result<std::vector<Endpoint>> read_endpoint_list(const std::string& argument);

}  // namespace junction
