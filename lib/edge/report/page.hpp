#pragma once

#include <string_view>

namespace junction::report {

/// page/page.html with its style and script in place; "@RUN@" stands where the run's JSON belongs.
extern const std::string_view page_template;

}  // namespace junction::report
