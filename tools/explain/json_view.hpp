#pragma once

#include <iosfwd>

#include "tools/explain/report.hpp"

namespace junctionctl::explain {

/// The report as docs/explain.md describes it. JSON and YAML are two spellings of one view.
void print_json(const Report& report, std::ostream& out);
void print_yaml(const Report& report, std::ostream& out);

}  // namespace junctionctl::explain
