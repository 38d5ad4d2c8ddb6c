#pragma once

#include <string>

#include "junction/load/run.hpp"
#include "junction/run_report.hpp"

namespace junctionctl::generate {

/// What the plan asked for and the run measured, as the writers take it.
/// @param url          the URL, or the prefix the values are appended to, as it was asked for
/// @param interrupted  the signal that ended the run early, or empty
junction::RunReport make_report(const std::string& url, const junction::load::Plan& plan,
                                junction::load::RunResult result, const std::string& interrupted);

}  // namespace junctionctl::generate
