#include "tools/explain/words.hpp"

#include <fmt/format.h>

#include <string_view>

#include "junction/policy_json.hpp"
#include "tools/output/table.hpp"

namespace junctionctl::explain {

using junction::PickReason;

std::string policy_words(const junction::Policy& policy) {
  if (!policy.hashes())
    return fmt::format("{}: each request goes to the next endpoint in turn, whatever it asks for",
                       junction::policy_type_name(policy.type));
  std::string words = fmt::format("RingHash, at least {} entries, by", policy.min_ring_size);
  for (const junction::HashParam& param : policy.hash_params)
    words += fmt::format("{} {} {}{}", &param == &policy.hash_params.front() ? "" : ",",
                         junction::hash_param_type_name(param.type), printable(param.name),
                         param.terminal ? " (terminal)" : "");
  return policy.hash_params.empty() ? words + " nothing: every request is random" : words;
}

std::string asked_words(const AskedRequest& asked) {
  if (asked.value) return asked.value->empty() ? "\"\"" : printable(*asked.value);
  if (asked.url) return printable(*asked.url);
  return "(hash)";
}

std::string place_words(const junction::Pick& pick) {
  switch (pick.reason) {
    case PickReason::ring_hash:
      return pick.address.to_string();
    case PickReason::random:
      return "(random)";
    case PickReason::round_robin:
      return "(each in turn)";
    case PickReason::unknown:
      return "(unknown)";
    case PickReason::no_endpoints:
      break;
  }
  return "(none)";
}

std::string count_words(std::uint64_t count, bool exact) {
  if (exact) return fmt::to_string(count);
  if (count < 1000) return fmt::format("~{}", count);
  auto value = static_cast<double>(count);
  std::string_view unit;
  for (const std::string_view larger : {"k", "M", "G", "T"}) {
    if (value < 999.5) break;  // what three digits can say
    value /= 1000;
    unit = larger;
  }
  return fmt::format("~{:.{}f}{}", value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0, unit);
}

std::string percent_words(double part, std::size_t endpoints) {
  return fmt::format("{:.{}f}%", 100 * part, endpoints > 100 ? 2 : 1);
}

}  // namespace junctionctl::explain
