#include "tools/options/duration.hpp"

#include <fmt/format.h>

#include <cmath>

#include "junction/ascii.hpp"
#include "junction/duration.hpp"

namespace junctionctl {

using junction::Result;
using std::chrono::nanoseconds;

// A bare number is seconds, as the flags of the tutorial's generator are.
Result<nanoseconds> duration_of(std::string_view flag, const std::string& text) {
  const auto seconds = junction::decimal_number(text);
  if (!seconds) {
    const auto parsed = junction::parse_duration(text);
    return parsed ? Result<nanoseconds>(nanoseconds(*parsed)) : parsed.error().at(flag);
  }
  if (std::abs(*seconds) > 9e9)
    return junction::usage_error(
        fmt::format("{} {} is longer than the clock can count (285 years)", flag, text));
  return nanoseconds(std::llround(*seconds * 1e9));
}

}  // namespace junctionctl
