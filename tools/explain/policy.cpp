#include "tools/explain/policy.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "junction/documents.hpp"
#include "junction/policy_json.hpp"
#include "tools/explain/asked.hpp"

namespace junctionctl::explain {
namespace {

using junction::Error;
using junction::ErrorKind;
using junction::Policy;
using junction::Result;

Result<Policy> policy_of_file(const std::string& path) {
  auto documents = junction::read_documents(path);
  if (!documents) return std::move(documents).error();
  if (documents->size() != 1)
    return Error{ErrorKind::invalid,
                 fmt::format("{}: one policy is wanted, not {}", path, documents->size())};
  const nlohmann::json& document = documents->front();
  auto policy =
      junction::parse_policy(document.is_object() && document.contains("lb") ? document["lb"] : document);
  if (!policy) return Error{policy.error().kind, fmt::format("{}: {}", path, policy.error().message)};
  return policy;
}

Result<Policy> policy_of_argument(const std::string& text) {
  if (text.starts_with('@')) return policy_of_file(text.substr(1));
  if (!text.starts_with('{')) {
    const auto type = junction::parse_policy_type(text);
    if (!type) return Error{ErrorKind::usage, fmt::format("--lb: {}", type.error().message)};
    return Policy{.type = *type, .hash_params = {}};
  }
  auto policy = junction::parse_policy(std::string_view(text));
  if (!policy) return Error{ErrorKind::usage, fmt::format("--lb: {}", policy.error().message)};
  return policy;
}

}  // namespace

Result<bool> apply_policy_options(const Options& options, Policy& policy) {
  const bool parts = options.min_ring_size.has_value() || !options.hash_params.empty();
  if (options.lb) {
    auto given = policy_of_argument(*options.lb);
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
