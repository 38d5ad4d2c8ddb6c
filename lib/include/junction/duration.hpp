#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "junction/export.hpp"
#include "junction/result.hpp"

namespace junction {

/// Nanoseconds of "250us", "1.5s", "2m", "1h30m" (units ns, us, ms, s, m, h), or of a bare "0".
[[nodiscard]] JUNCTION_EXPORT Result<std::int64_t> parse_duration(std::string_view text);

/// "850ns", "42.1us", "1.25ms", "3.00s", "2m05s", "1h02m", "12d05h": three significant digits, for people.
[[nodiscard]] JUNCTION_EXPORT std::string format_duration(std::int64_t nanoseconds);

}  // namespace junction
