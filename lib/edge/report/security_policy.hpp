#pragma once

#include <string>
#include <string_view>

namespace junction::report {

/// The Content-Security-Policy of a page that runs this one script and no other, and asks no server for
/// anything: what a name from outside smuggles into it stays text. `script` is the text of its element, to
/// the byte; empty where the page has none.
std::string security_policy(std::string_view script);

}  // namespace junction::report
