#pragma once

#include <string>

#include "tools/explain/report.hpp"

namespace junctionctl::explain {

/// The comparison of --impl all for the page: a row a client, what sets it apart, and where each takes each
/// request. Empty where there is one client only.
std::string clients_card(const Report& report);

}  // namespace junctionctl::explain
