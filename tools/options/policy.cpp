#include "tools/options/policy.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "junction/documents.hpp"
#include "junction/lint.hpp"
#include "junction/policy_json.hpp"
#include "junction/try.hpp"
#include "tools/fail.hpp"

namespace junctionctl {
namespace {

using junction::HashParam;
using junction::Policy;
using junction::Result;
using junction::usage_error;

HashParam parse_hash_param(HashParam::Type type, std::string_view text) {
  constexpr std::string_view mark = ",terminal";
  const bool terminal = text.ends_with(mark);
  if (terminal) text.remove_suffix(mark.size());
  return {type, std::string(text), terminal};
}

Result<Policy> policy_in_file(const std::string& path) {
  JUNCTION_TRY_ASSIGN(const auto documents, junction::read_documents(path));
  if (documents.size() != 1)
    return junction::invalid_error(fmt::format("{}: one policy is wanted, not {}", path, documents.size()));
  const nlohmann::json& document = documents.front();
  const bool backend = document.is_object() && document.contains("lb");
  auto policy = junction::policy_from_json(backend ? document["lb"] : document);
  return policy ? policy : std::move(policy).error().at(path);
}

/// Whether --lb says the whole policy, and not its type alone.
bool is_whole(const std::string& lb) {
  return lb.starts_with('{') || lb.starts_with('@');
}

Result<Policy> whole_policy(const std::string& lb) {
  if (lb.starts_with('@')) return policy_in_file(lb.substr(1));
  auto policy = junction::parse_policy(lb);
  return policy ? policy : usage_error(policy.error().message).at("--lb");
}

Result<void> check_parts(const PolicyFlags& flags) {
  if (flags.min_ring_size && (*flags.min_ring_size < 0 || *flags.min_ring_size > 4294967295))
    return usage_error(
        fmt::format("--min-ring-size {} is not a size: 0 to 4294967295", *flags.min_ring_size));
  for (const HashParam& param : flags.hash_params)
    if (param.name.empty() && param.type != HashParam::Type::source_ip)
      return usage_error("a hash parameter needs a name: --hash-query NAME, or NAME,terminal");
  return {};
}

}  // namespace

// The values stay with the option: only all of them together have an order.
CLI::Option* add_hash_option(CLI::App& verb, const char* name, const char* help) {
  return verb
      .add_option(
          name, [](const CLI::results_t&) { return true; }, help)
      ->take_all()
      ->allow_extra_args(false)
      ->type_name("NAME[,terminal]");
}

// CLI11 keeps the order in which options were typed.
std::vector<HashParam> read_hash_params(const CLI::App& verb) {
  static constexpr std::pair<std::string_view, HashParam::Type> kinds[] = {
      {"hash-query", HashParam::Type::query_param},
      {"hash-header", HashParam::Type::header},
      {"hash-cookie", HashParam::Type::cookie},
      {"hash-source-ip", HashParam::Type::source_ip},
  };
  std::vector<HashParam> params;
  std::map<const CLI::Option*, std::size_t> taken;
  for (const CLI::Option* const option : verb.parse_order())
    for (const auto& [name, type] : kinds) {
      if (!option->check_lname(std::string(name))) continue;
      const std::size_t nth = taken[option]++;
      const bool nameless = type == HashParam::Type::source_ip;
      params.push_back(parse_hash_param(type, nameless ? std::string() : option->results().at(nth)));
    }
  return params;
}

Result<Policy> policy_of_flags(const PolicyFlags& flags, const std::optional<Policy>& base) {
  JUNCTION_TRY(check_parts(flags));
  if (flags.lb && is_whole(*flags.lb)) {
    if (!flags.parts()) return whole_policy(*flags.lb);
    return usage_error("--lb with a whole policy leaves no room for --min-ring-size and --hash-*");
  }
  Policy policy = base.value_or(Policy{});
  if (flags.lb) {
    const auto type = junction::parse_policy_type(*flags.lb);
    if (!type) return usage_error(fmt::format("--lb {}", type.error().message));
    policy = {.type = *type, .hash_params = {}};
    if (!policy.hashes() && flags.parts())
      return usage_error(
          fmt::format("--min-ring-size and --hash-* belong to --lb RingHash, not {}", *flags.lb));
  }
  if (flags.parts()) policy.type = Policy::Type::ring_hash;
  if (flags.min_ring_size) policy.min_ring_size = static_cast<std::uint32_t>(*flags.min_ring_size);
  if (!flags.hash_params.empty()) policy.hash_params = flags.hash_params;
  return policy;
}

void warn_of_policy(const Policy& policy, Io& io) {
  for (const junction::Lint& lint : junction::lint_policy(policy))
    if (lint.severity != junction::Severity::info)
      say(io, fmt::format("warning: {}: {}; {}", lint.code, lint.evidence, lint.remedy));
}

}  // namespace junctionctl
