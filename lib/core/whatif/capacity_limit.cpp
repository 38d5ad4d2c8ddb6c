#include <fmt/format.h>

#include "junction/ascii.hpp"
#include "junction/capacity.hpp"
#include "junction/duration.hpp"

namespace junction {

Result<CapacityLimit> parse_capacity_limit(std::string_view text) {
  const auto wrong = [&](std::string_view why) {
    return usage_error(fmt::format("limit \"{}\": {}", text, why));
  };
  const std::size_t sign = text.find('<');
  if (sign == std::string_view::npos) return wrong("write distinct<=5/2s or requests<=100/1s");
  CapacityLimit limit{.text = std::string(text)};
  const std::string_view name = trim(text.substr(0, sign));
  if (name == "requests")
    limit.counts = CapacityLimit::Counts::requests;
  else if (name != "distinct")
    return wrong(fmt::format("\"{}\" is nothing that is counted: write distinct or requests", name));

  const bool or_equal = text.substr(sign + 1).starts_with('=');
  std::string_view bound = trim(text.substr(sign + (or_equal ? 2 : 1)));
  if (const std::size_t slash = bound.find('/'); slash != std::string_view::npos) {
    const auto window = parse_duration(trim(bound.substr(slash + 1)));
    if (!window) return wrong(window.error().message);
    if (*window <= 0) return wrong("the window must be longer than nothing");
    limit.window = std::chrono::nanoseconds(*window);
    bound = trim(bound.substr(0, slash));
  }
  const auto most = whole_number<std::uint64_t>(bound);
  if (!most) return wrong(fmt::format("\"{}\" is no whole number", bound));
  if (!or_equal && *most == 0) return wrong("nothing is less than 0");
  limit.most = or_equal ? *most : *most - 1;
  return limit;
}

}  // namespace junction
