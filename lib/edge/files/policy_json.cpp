#include "junction/policy_json.hpp"

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "junction/closest_word.hpp"

#include "edge/files/json.hpp"

namespace junction {
namespace {

using nlohmann::json;

const json* find_either(const json& object, const char* snake, const char* camel) {
  if (object.contains(snake)) return &object[snake];
  if (object.contains(camel)) return &object[camel];
  return nullptr;
}

template <std::size_t N>
Result<void> only_known(const json& object, const char* what, const char* const (&known)[N]) {
  for (const auto& item : object.items()) {
    bool found = false;
    for (const char* name : known) found = found || item.key() == name;
    if (!found)
      return invalid_error(
          fmt::format("the field '{}' is unknown in {}: the control plane would drop the whole Service",
                      item.key(), what));
  }
  return {};
}

Result<HashParam::Type> hash_param_type(const json& value) {
  if (value == "QueryParam" || value == "query") return HashParam::Type::query_param;
  if (value == "Header" || value == "header") return HashParam::Type::header;
  return invalid_error(fmt::format("the hash parameter type {} is not QueryParam or Header", value.dump()));
}

Result<HashParam> parse_hash_param(const json& value) {
  static constexpr const char* known[] = {"type", "name", "terminal"};
  if (!value.is_object())
    return invalid_error(fmt::format("the hash parameter {} is not an object", value.dump()));
  if (auto fields = only_known(value, "a hash parameter", known); !fields) return std::move(fields).error();
  const auto type = hash_param_type(value.value("type", json()));
  if (!type) return type.error();
  const json name = value.value("name", json());
  if (!name.is_string()) return invalid_error(fmt::format("the hash parameter {} has no name", value.dump()));
  const json terminal = value.value("terminal", json(false));
  if (!terminal.is_boolean())
    return invalid_error(fmt::format("terminal must be true or false, not {}", terminal.dump()));
  return HashParam{*type, name, terminal};
}

Result<std::uint32_t> parse_min_ring_size(const json& value) {
  const bool fits =
      value.is_number_unsigned() && value.get<std::uint64_t>() <= std::numeric_limits<std::uint32_t>::max();
  if (!fits)
    return invalid_error(
        fmt::format("min_ring_size must be a whole number from 0 to 4294967295, not {}", value.dump()));
  return value.get<std::uint32_t>();
}

Result<Policy> parse_ring_hash(const json& value) {
  static constexpr const char* known[] = {"type", "min_ring_size", "minRingSize", "hash_params",
                                          "hashParams"};
  if (auto fields = only_known(value, "a RingHash policy", known); !fields) return std::move(fields).error();
  if ((value.contains("min_ring_size") && value.contains("minRingSize")) ||
      (value.contains("hash_params") && value.contains("hashParams")))
    return invalid_error(
        "a field is there in both spellings (min_ring_size and minRingSize, say): write it once");
  Policy policy{.type = Policy::Type::ring_hash, .hash_params = {}};
  if (const json* size = find_either(value, "min_ring_size", "minRingSize")) {
    const auto parsed = parse_min_ring_size(*size);
    if (!parsed) return parsed.error();
    policy.min_ring_size = *parsed;
  }
  if (const json* params = find_either(value, "hash_params", "hashParams")) {
    if (!params->is_array())
      return invalid_error(fmt::format("hash_params must be a list, not {}", params->dump()));
    for (const json& param : *params) {
      auto parsed = parse_hash_param(param);
      if (!parsed) return std::move(parsed).error();
      policy.hash_params.push_back(std::move(*parsed));
    }
  }
  return policy;
}

}  // namespace

std::string_view policy_type_name(Policy::Type type) {
  switch (type) {
    case Policy::Type::ring_hash:
      return "RingHash";
    case Policy::Type::round_robin:
      return "RoundRobin";
    case Policy::Type::unspecified:
      break;
  }
  return "Unspecified";
}

std::string_view hash_param_type_name(HashParam::Type type) {
  switch (type) {
    case HashParam::Type::header:
      return "Header";
    case HashParam::Type::query_param:
      return "QueryParam";
    case HashParam::Type::cookie:
      return "Cookie";
    case HashParam::Type::source_ip:
      break;
  }
  return "SourceIp";
}

Result<Policy::Type> parse_policy_type(std::string_view text) {
  std::vector<std::string> names;
  for (const auto type : {Policy::Type::ring_hash, Policy::Type::round_robin, Policy::Type::unspecified}) {
    if (text == policy_type_name(type)) return type;
    names.emplace_back(policy_type_name(type));
  }
  return Error{ErrorKind::usage,
               fmt::format("'{}' is not a policy type: use RingHash, RoundRobin or Unspecified{}", text,
                           did_you_mean(text, names))};
}

Result<Policy> policy_from_json(const json& value) {
  if (!value.is_object())
    return invalid_error(fmt::format("a policy must be an object, not {}", value.dump()));
  const json name = value.value("type", json());
  if (!name.is_string())
    return invalid_error("the policy has no type: use RingHash, RoundRobin or Unspecified");
  const auto type = parse_policy_type(name.get_ref<const std::string&>());
  if (!type) return invalid_error(type.error().message);
  if (*type == Policy::Type::ring_hash) return parse_ring_hash(value);
  return Policy{.type = *type, .hash_params = {}};
}

Result<Policy> parse_policy(std::string_view text) {
  const auto value = read_json(text);
  if (value) return policy_from_json(*value);
  if (value.error().kind == JsonFault::Kind::syntax)
    return invalid_error(fmt::format("the policy '{}' is not JSON", text));
  return parse_json(text).error().at("the policy");
}

std::string policy_json(const Policy& policy) {
  nlohmann::ordered_json value{{"type", policy_type_name(policy.type)}};
  if (policy.hashes()) {
    value["min_ring_size"] = policy.min_ring_size;
    for (const HashParam& param : policy.hash_params) {
      nlohmann::ordered_json item{{"type", hash_param_type_name(param.type)}, {"name", param.name}};
      if (param.terminal) item["terminal"] = true;
      value["hash_params"].push_back(std::move(item));
    }
  }
  return value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace junction
