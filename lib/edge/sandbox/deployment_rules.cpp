#include <algorithm>
#include <set>

#include "edge/sandbox/fields.hpp"
#include "edge/sandbox/go_words.hpp"
#include "edge/sandbox/names.hpp"
#include "edge/sandbox/rules.hpp"

namespace junction::sandbox {
namespace {

using nlohmann::json;

constexpr const char* selector_at = "spec.selector";
constexpr const char* template_at = "spec.template";

/// One of a selector's matchExpressions; false where it does not hold of `labels`.
bool holds(const json& requirement, const json& labels) {
  const std::string key = text_or(look(requirement, "key")), by = text_or(look(requirement, "operator"));
  const auto found = labels.find(key);
  const bool there = found != labels.end();
  const json& values = list_or_none(look(requirement, "values"));
  const bool listed = there && std::find(values.begin(), values.end(), *found) != values.end();
  if (by == "In") return listed;
  if (by == "NotIn") return !listed;
  return by == "Exists" ? there : !there;
}

bool selects(const json& selector, const json& labels) {
  for (const auto& [key, value] : map_or_none(look(selector, "matchLabels")).items())
    if (const auto found = labels.find(key); found == labels.end() || *found != value) return false;
  const json& expressions = list_or_none(look(selector, "matchExpressions"));
  return std::all_of(expressions.begin(), expressions.end(),
                     [&](const json& requirement) { return holds(requirement, labels); });
}

void check_requirement(Causes& causes, const json& requirement, const std::string& at) {
  const std::string key = text_or(look(requirement, "key")), by = text_or(look(requirement, "operator"));
  const bool any = !list_or_none(look(requirement, "values")).empty();
  if (by == "In" || by == "NotIn") {
    if (!any) causes.required(at + ".values", "must be specified when `operator` is 'In' or 'NotIn'");
  } else if (by != "Exists" && by != "DoesNotExist") {
    causes.invalid(at + ".operator", go_syntax(by), "not a valid selector operator");
  }
  if (const std::string fault = qualified_name_fault(key); !fault.empty())
    causes.invalid(at + ".key", go_syntax(key), fault);
}

void check_selector(Causes& causes, const json& selector, const json& current) {
  if (selector.is_null()) return causes.required(selector_at);
  check_labels(causes, look(selector, "matchLabels"), "spec.selector.matchLabels");
  const json& expressions = list_or_none(look(selector, "matchExpressions"));
  for (std::size_t i = 0; i < expressions.size(); ++i)
    check_requirement(causes, expressions.at(i), fmt::format("spec.selector.matchExpressions[{}]", i));
  if (expressions.empty() && map_or_none(look(selector, "matchLabels")).empty())
    causes.invalid(selector_at, go_syntax(selector), "empty selector is invalid for deployment");
  if (!current.is_null() && current != selector)
    causes.invalid(selector_at, go_syntax(selector), "field is immutable");
}

void check_container_ports(Causes& causes, const json& ports, const std::string& at) {
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const std::string place = fmt::format("{}.ports[{}].containerPort", at, i);
    const json& number = look(ports.at(i), "containerPort");
    if (number.is_null())
      causes.required(place);
    else
      check_port_number(causes, whole_or(number, 0), place);
  }
}

void check_containers(Causes& causes, const json& containers, const std::string& at) {
  if (containers.empty()) return causes.required(at);
  std::set<std::string> names;
  for (std::size_t i = 0; i < containers.size(); ++i) {
    const std::string place = fmt::format("{}[{}]", at, i), name = text_or(look(containers.at(i), "name"));
    if (name.empty())
      causes.required(place + ".name");
    else if (const std::string fault = dns_1123_label_fault(name); !fault.empty())
      causes.invalid(place + ".name", go_syntax(name), fault);
    if (!name.empty() && !names.insert(name).second) causes.duplicate(place + ".name", go_syntax(name));
    if (text_or(look(containers.at(i), "image")).empty()) causes.required(place + ".image");
    check_container_ports(causes, list_or_none(look(containers.at(i), "ports")), place);
  }
}

void check_template(Causes& causes, const json& pod_template, const json& selector) {
  const std::string at = template_at;
  const json& labels = map_or_none(look(pod_template, "metadata", "labels"));
  check_labels(causes, labels, at + ".labels");
  if (!selector.is_null() && !selects(selector, labels))
    causes.invalid(at + ".metadata.labels", go_syntax(labels), "`selector` does not match template `labels`");
  const json& spec = look(pod_template, "spec");
  check_containers(causes, list_or_none(look(spec, "containers")), at + ".spec.containers");
  if (const std::string policy = text_or(look(spec, "restartPolicy"), "Always"); policy != "Always")
    causes.not_supported(at + ".spec.restartPolicy", go_syntax(policy), "\"Always\"");
}

void check_not_negative(Causes& causes, const json& spec, const char* field) {
  if (const std::int64_t value = whole_or(look(spec, field), 0); value < 0)
    causes.invalid(fmt::format("spec.{}", field), std::to_string(value),
                   "must be greater than or equal to 0");
}

}  // namespace

void check_deployment(Causes& causes, const json& spec, const json& current_spec, std::int64_t max_replicas) {
  check_replicas(causes, whole_or(look(spec, "replicas"), 1), max_replicas);
  const json& selector = look(spec, "selector");
  check_selector(causes, selector, look(current_spec, "selector"));
  check_template(causes, look(spec, "template"), selector);
  const std::string strategy = text_or(look(spec, "strategy", "type"), "RollingUpdate");
  if (strategy != "RollingUpdate" && strategy != "Recreate")
    causes.not_supported("spec.strategy.type", go_syntax(strategy), "\"Recreate\", \"RollingUpdate\"");
  for (const char* const field : {"minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"})
    check_not_negative(causes, spec, field);
}

}  // namespace junction::sandbox
