#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "junction/result.hpp"

namespace junctionctl {

/// What a flag that takes a time says: "1h30m", "250us" as parse_duration() has it, or a bare number of
/// seconds. Fails (usage) with the flag in front.
junction::Result<std::chrono::nanoseconds> duration_of(std::string_view flag, const std::string& text);

}  // namespace junctionctl
