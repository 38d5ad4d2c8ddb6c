#include "tools/explain/policy.hpp"

#include <fmt/format.h>

#include "junction/policy_json.hpp"
#include "tools/explain/asked.hpp"
#include "tools/options/policy.hpp"

namespace junctionctl::explain {
namespace {

using junction::Error;
using junction::ErrorKind;
using junction::Policy;
using junction::Result;

}  // namespace

Result<bool> apply_policy_options(const Options& options, Policy& policy) {
  if (const auto checked = check_hash_params(options.hash_params); !checked) return checked.error();
  const bool parts = options.min_ring_size.has_value() || !options.hash_params.empty();
  if (options.lb) {
    auto given = parse_policy_argument(*options.lb);
    if (!given) return std::move(given).error();
    policy = std::move(*given);
    if (parts && !policy.hashes())
      return Error{ErrorKind::usage,
                   fmt::format("--min-ring-size and --hash-* belong to RingHash, not to --lb {}",
                               junction::policy_type_name(policy.type))};
  }
  if (parts) policy.type = Policy::Type::ring_hash;
  if (options.min_ring_size) policy.min_ring_size = *options.min_ring_size;
  if (!options.hash_params.empty()) policy.hash_params = options.hash_params;
  return options.lb.has_value() || parts;
}

Result<std::vector<std::pair<std::string, std::string>>> parsed_headers(const Options& options) {
  std::vector<std::pair<std::string, std::string>> headers;
  for (const std::string& text : options.headers) {
    auto header = parse_header(text);
    if (!header) return std::move(header).error();
    headers.push_back(std::move(*header));
  }
  return headers;
}

}  // namespace junctionctl::explain
