#pragma once

#include <algorithm>
#include <string_view>

#include "junction/ascii.hpp"
#include "junction/request.hpp"

namespace junction {

/// Calls use(value) for each header of that name, in order; stops where it returns false.
template <typename Use>
void for_each_header(const Request& request, std::string_view name, Use use) {
  for (const Header& header : request.headers)
    if (same_letters(header.name, name) && !use(header.value)) return;
}

/// Calls use(name, value), both as written, for each non-empty parameter of a query string; stops where it
/// returns false.
template <typename Use>
void for_each_parameter(std::string_view query, Use use) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
    if (!use(pair.substr(0, equals), value)) return;
  }
}

}  // namespace junction
