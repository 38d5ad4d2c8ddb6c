#include "junction/duration.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

namespace junction {
namespace {

struct Unit {
  std::string_view name;
  double nanoseconds;
};
constexpr std::array units = {Unit{"ns", 1},  Unit{"us", 1e3}, Unit{"ms", 1e6},
                              Unit{"s", 1e9}, Unit{"m", 60e9}, Unit{"h", 3600e9}};

Error no_duration(std::string_view text) {
  return {ErrorKind::usage,
          fmt::format("\"{}\" is no duration; write a number and a unit, as in 250us, 50ms, 1.5s, "
                      "2m or 1h30m",
                      text)};
}

// Takes one "1.5s" off the front; 0 when there is none.
double take_part(std::string_view& rest, double& nanoseconds) {
  double number = 0;
  const auto [end, error] =
      std::from_chars(rest.data(), rest.data() + rest.size(), number, std::chars_format::fixed);
  if (error != std::errc() || !(number >= 0)) return 0;
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  const std::string_view name = rest.substr(0, rest.find_first_of("0123456789."));
  for (const Unit& unit : units) {
    if (unit.name != name) continue;
    rest.remove_prefix(name.size());
    nanoseconds = number * unit.nanoseconds;
    return unit.nanoseconds;
  }
  return 0;
}

}  // namespace

Result<std::int64_t> parse_duration(std::string_view text) {
  if (text == "0") return std::int64_t{0};
  std::string_view rest = text;
  double total = 0, last_unit = INFINITY;
  do {
    double part = 0;
    const double unit = take_part(rest, part);
    if (unit == 0 || unit >= last_unit) return no_duration(text);  // each unit once, the large ones first
    last_unit = unit;
    total += part;
  } while (!rest.empty());
  if (!(total < 9.2e18)) {
    return Error{ErrorKind::usage,
                 fmt::format("\"{}\" is longer than the clock can count (292 years)", text)};
  }
  return static_cast<std::int64_t>(std::llround(total));
}

std::string format_duration(std::int64_t nanoseconds) {
  if (nanoseconds < 0) return "-" + format_duration(nanoseconds == INT64_MIN ? INT64_MAX : -nanoseconds);
  if (nanoseconds < 1000) return fmt::format("{}ns", nanoseconds);
  const auto value = static_cast<double>(nanoseconds);
  if (value < 59.95e9) {
    double scaled = value / 1e3;
    std::size_t unit = 1;
    for (; unit < 3 && scaled >= 999.5; ++unit) scaled /= 1e3;
    const int decimals = scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0;
    return fmt::format("{:.{}f}{}", scaled, decimals, units[unit].name);
  }
  const std::int64_t seconds = nanoseconds / 1'000'000'000 + nanoseconds / 500'000'000 % 2;
  if (seconds < 3600) return fmt::format("{}m{:02}s", seconds / 60, seconds % 60);
  constexpr std::int64_t day = 86400;
  if (seconds < 4 * day) return fmt::format("{}h{:02}m", seconds / 3600, seconds % 3600 / 60);
  return fmt::format("{}d{:02}h", seconds / day, seconds % day / 3600);
}

}  // namespace junction
