#include "tools/explain/steps.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <variant>

#include "junction/hash.hpp"
#include "junction/policy_json.hpp"

namespace junctionctl::explain {
namespace {

using nlohmann::ordered_json;

ordered_json hex_or_null(const std::optional<std::uint64_t>& hash) {
  return hash ? ordered_json(junction::hex64(*hash)) : ordered_json(nullptr);
}

/// One overload a step; std::visit picks.
struct View {
  ordered_json operator()(const junction::RouteStep& step) const {
    return {
        {"step", "route"}, {"looked_up", step.looked_up}, {"route", step.route}, {"implicit", step.implicit}};
  }

  ordered_json operator()(const junction::RuleStep& step) const {
    ordered_json view{{"step", "rule"}, {"rule", nullptr}, {"match", nullptr}};
    if (!step.name.empty()) view["name"] = step.name;
    view["passed_over"] = ordered_json::array();
    for (const junction::RuleVerdict& verdict : step.verdicts) {
      if (!verdict.fits) {
        view["passed_over"].push_back({{"rule", verdict.rule}, {"why", verdict.why_not}});
        continue;
      }
      view["rule"] = verdict.rule;
      if (verdict.match) view["match"] = *verdict.match;
    }
    return view;
  }

  ordered_json operator()(const junction::BackendStep& step) const {
    ordered_json choices = ordered_json::array();
    for (const auto& choice : step.choices)
      choices.push_back({{"backend", choice.backend}, {"share", choice.share}});
    return {
        {"step", "backend"}, {"backend", step.choices[step.chosen].backend}, {"choices", std::move(choices)}};
  }

  ordered_json operator()(const junction::PolicyStep& step) const {
    return {{"step", "policy"},
            {"policy", ordered_json::parse(junction::policy_json(step.policy))},
            {"source", step.source}};
  }

  ordered_json operator()(const junction::HashStep& step) const {
    ordered_json view{{"step", "hash_param"},
                      {"type", junction::hash_param_type_name(step.param.type)},
                      {"name", step.param.name},
                      {"terminal", step.param.terminal},
                      {"values", step.values},
                      {"bytes_hex", hex_bytes(step.bytes)},
                      {"bytes_text", text_bytes(step.bytes)},
                      {"value", hex_or_null(step.value)},
                      {"combined", hex_or_null(step.combined)},
                      {"stopped", step.stopped}};
    if (step.unknown) view["unknown"] = true;
    return view;
  }

  ordered_json operator()(const junction::HashedStep& step) const {
    return {{"step", "hash"}, {"hash", junction::hex64(step.hash)}, {"given", step.given}};
  }

  ordered_json operator()(const junction::EntryStep& step) const {
    return {{"step", "entry"},
            {"index", step.index},
            {"ring_size", step.ring_size},
            {"endpoint", step.address},
            {"pod", step.pod},
            {"replica", step.entry.replica},
            {"entry_bytes_hex", hex_bytes(step.bytes)},
            {"entry_bytes_text", text_bytes(step.bytes)},
            {"entry_hash", junction::hex64(step.entry.hash)},
            {"arc",
             {{"after", junction::hex64(step.arc_after)},
              {"to", junction::hex64(step.arc_to)},
              {"share", step.arc_share}}},
            {"beyond_last", step.beyond}};
  }

  ordered_json operator()(const junction::SlotStep& step) const {
    return {{"step", "slot"},
            {"slot", step.slot},
            {"table_size", step.table_size},
            {"endpoint", step.address},
            {"pod", step.pod}};
  }

  ordered_json operator()(const junction::UnplacedStep& step) const {
    return {{"step", "unplaced"}, {"reason", reason_name(step.reason)}};
  }
};

}  // namespace

std::string_view reason_name(junction::PickReason reason) {
  switch (reason) {
    case junction::PickReason::ring_hash:
      return "ring_hash";
    case junction::PickReason::random:
      return "random";
    case junction::PickReason::round_robin:
      return "round_robin";
    case junction::PickReason::unknown:
      return "unknown";
    case junction::PickReason::no_endpoints:
      break;
  }
  return "no_endpoints";
}

std::string hex_bytes(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return hex;
}

std::string text_bytes(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte == '\\')
      text += "\\\\";
    else if (byte >= 0x20 && byte < 0x7f)
      text += c;
    else
      text += fmt::format("\\x{:02x}", byte);
  }
  return text;
}

ordered_json steps_json(const junction::Derivation& steps) {
  ordered_json list = ordered_json::array();
  for (const junction::Step& step : steps) list.push_back(std::visit(View{}, step));
  return list;
}

}  // namespace junctionctl::explain
