#pragma once

#include <string>
#include <vector>

#include "junction/endpoint.hpp"
#include "junction/load/run.hpp"
#include "junction/run_report.hpp"

namespace junctionctl::generate {

/// What the plan asked for and the run measured, as the writers take it.
/// @param url          the URL, or the prefix the values are appended to, as it was asked for
/// @param interrupted  the signal that ended the run early, or empty
junction::RunReport make_report(const std::string& url, const junction::load::Plan& plan,
                                junction::load::RunResult result, const std::string& interrupted);

/// Adds those of `known` that got no request: a starved endpoint is what one looks for.
void add_idle_endpoints(junction::RunReport& report, const std::vector<junction::Endpoint>& known);

}  // namespace junctionctl::generate
