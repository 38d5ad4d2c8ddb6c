#include "core/balance/request_hash.hpp"

#include <algorithm>

#include "core/balance/request_parts.hpp"
#include "junction/ascii.hpp"
#include "junction/hash.hpp"

namespace junction {

SortedValues::SortedValues(const Request& request, std::string_view name) {
  for_each_header(request, name, [&](std::string_view value) {
    if (count_++ == 0) {
      first_ = value;
    } else {
      more_.push_back(value);
    }
    return true;
  });
  if (more_.empty()) return;
  more_.push_back(first_);
  std::sort(more_.begin(), more_.end());
}

std::span<const std::string_view> SortedValues::values() const {
  return more_.empty() ? std::span(&first_, count_) : std::span<const std::string_view>(more_);
}

std::uint64_t hash_bytes(std::string_view bytes, HashStep* step) {
  if (step) step->bytes = bytes;
  return xxh64(bytes);
}

std::uint64_t hash_one(std::string_view value, HashStep* step) {
  if (step) step->values.emplace_back(value);
  return hash_bytes(value, step);
}

bool is_unknown(const Request& request, const HashParam& param) {
  const auto is_recorded = [&](std::string_view name) {
    return !request.recorded ||
           std::any_of(request.recorded->begin(), request.recorded->end(),
                       [&](std::string_view known) { return same_letters(known, name); });
  };
  switch (param.type) {
    case HashParam::Type::header:
      return !is_recorded(param.name);
    case HashParam::Type::cookie:
      return !is_recorded("cookie");
    case HashParam::Type::source_ip:
      return request.source_ip.empty();
    case HashParam::Type::query_param:
      break;
  }
  return false;
}

bool any_unknown(std::span<const HashStep> steps) {
  return std::any_of(steps.begin(), steps.end(), [](const HashStep& step) { return step.unknown; });
}

std::optional<std::uint64_t> walk_policies(const PolicyWalk& walk, const Request& request,
                                           std::span<const HashParam> params, std::vector<HashStep>* steps) {
  std::optional<std::uint64_t> combined;
  for (const HashParam& param : params) {
    HashStep* const step = steps ? &steps->emplace_back() : nullptr;
    const bool applies = walk.applies(param);
    const auto value = applies ? walk.evaluate(request, param, step) : std::nullopt;
    if (value) combined = combined ? walk.rotate(*combined) ^ *value : *value;
    const bool stopped = param.terminal && applies && (walk.stops == Stops::own_value ? value : combined);
    if (step) {
      step->param = param;
      step->value = value;
      step->combined = combined;
      step->stopped = stopped;
      step->unknown = applies && !value && walk.unknown(request, param);
    }
    if (stopped) break;
  }
  return combined;
}

}  // namespace junction
