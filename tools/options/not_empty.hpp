#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace junctionctl {

/// For options that a script may hand an empty variable: taken for one that was left out, --duration '' would
/// run for ever, and --lb '' go to the front.
inline CLI::Validator not_empty() {
  return {[](const std::string& value) { return value.empty() ? "the value is empty" : std::string(); }, ""};
}

}  // namespace junctionctl
