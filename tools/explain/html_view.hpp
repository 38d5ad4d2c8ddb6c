#pragma once

#include <string>

#include "tools/explain/report.hpp"

namespace junctionctl::explain {

/// The report as one page without a network: ring, shares against the ideal, requests, heaviest keys, lints.
/// `json` is the same report as print_json() writes it, kept inside for whoever wants the numbers.
std::string html_page(const Report& report, std::string json);

}  // namespace junctionctl::explain
