#pragma once

#include <string_view>

namespace junction::report {

/// page/page.html with its style and script in place; "@RUN@" stands where the run's JSON belongs,
/// "@SECURITY@" where its security policy does.
extern const std::string_view page_template;
/// The script in it.
extern const std::string_view page_script;

}  // namespace junction::report
