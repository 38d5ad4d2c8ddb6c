#include "tools/options/policy.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "junction/documents.hpp"
#include "junction/policy_json.hpp"

namespace junctionctl {
namespace {

using junction::Error;
using junction::ErrorKind;
using junction::HashParam;
using junction::Policy;
using junction::Result;

HashParam parse_hash_param(HashParam::Type type, std::string_view text) {
  constexpr std::string_view mark = ",terminal";
  const bool terminal = text.ends_with(mark);
  if (terminal) text.remove_suffix(mark.size());
  return {type, std::string(text), terminal};
}

Result<Policy> policy_in_file(const std::string& path) {
  auto documents = junction::read_documents(path);
  if (!documents) return std::move(documents).error();
  if (documents->size() != 1)
    return Error{ErrorKind::invalid,
                 fmt::format("{}: one policy is wanted, not {}", path, documents->size())};
  const nlohmann::json& document = documents->front();
  const bool backend = document.is_object() && document.contains("lb");
  auto policy = junction::policy_from_json(backend ? document["lb"] : document);
  if (!policy) return Error{policy.error().kind, fmt::format("{}: {}", path, policy.error().message)};
  return policy;
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

Result<void> check_hash_params(const std::vector<HashParam>& params) {
  for (const HashParam& param : params)
    if (param.name.empty() && param.type != HashParam::Type::source_ip)
      return Error{ErrorKind::usage, "a hash parameter needs a name: --hash-query NAME, or NAME,terminal"};
  return {};
}

bool is_whole_policy(const std::string& lb) {
  return lb.starts_with('{') || lb.starts_with('@');
}

Result<Policy> parse_policy_argument(const std::string& lb) {
  if (lb.starts_with('@')) return policy_in_file(lb.substr(1));
  if (lb.starts_with('{')) {
    auto policy = junction::parse_policy(lb);
    if (!policy) return Error{ErrorKind::usage, fmt::format("--lb: {}", policy.error().message)};
    return policy;
  }
  const auto type = junction::parse_policy_type(lb);
  if (!type) return Error{ErrorKind::usage, fmt::format("--lb {}", type.error().message)};
  return Policy{.type = *type, .hash_params = {}};
}

}  // namespace junctionctl
