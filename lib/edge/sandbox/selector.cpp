#include "edge/sandbox/selector.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "edge/sandbox/fields.hpp"
#include "junction/ascii.hpp"
#include "junction/try.hpp"

namespace junction::sandbox {
namespace {

using nlohmann::json;

/// Splits at commas that are not inside parentheses.
std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t start = 0;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    if (at < text.size() && text[at] == '(') ++depth;
    if (at < text.size() && text[at] == ')') --depth;
    if (at == text.size() || (text[at] == ',' && depth == 0)) {
      parts.push_back(trim(text.substr(start, at - start)));
      start = at + 1;
    }
  }
  return parts;
}

std::string value_at(const json& object, std::string_view dotted) {
  const json* at = &object;
  while (!dotted.empty()) {
    const auto dot = dotted.find('.');
    at = &look(*at, std::string(dotted.substr(0, dot)).c_str());
    dotted = dot == std::string_view::npos ? std::string_view() : dotted.substr(dot + 1);
  }
  return text_or(*at);
}

Status not_parsed(std::string_view found) {
  return bad_request(fmt::format("unable to parse requirement: found '{}', expected: identifier", found));
}

}  // namespace

Result<Selector, Status> Selector::parse_labels(std::string_view text) {
  Selector selector;
  if (trim(text).empty()) return selector;
  for (std::string_view part : split(text)) {
    Requirement requirement;
    const auto set = part.find('(');
    const auto equals = part.find('=');
    if (set != std::string_view::npos && part.ends_with(')')) {
      std::string_view head = trim(part.substr(0, set));
      const bool in = head.ends_with(" in"), notin = head.ends_with(" notin");
      if (!in && !notin) return not_parsed("(");
      requirement.negated = notin;
      requirement.key = trim(head.substr(0, head.rfind(' ')));
      for (const std::string_view value : split(part.substr(set + 1, part.size() - set - 2)))
        requirement.values.emplace_back(value);
    } else if (equals != std::string_view::npos) {
      std::string_view key = part.substr(0, equals), value = part.substr(equals + 1);
      if (value.starts_with('=')) value.remove_prefix(1);
      if (value.find('=') != std::string_view::npos) return not_parsed("=");
      requirement.negated = key.ends_with('!');
      if (requirement.negated) key.remove_suffix(1);
      requirement.key = trim(key);
      requirement.values.emplace_back(trim(value));
    } else {
      requirement.negated = part.starts_with('!');
      requirement.key = trim(requirement.negated ? part.substr(1) : part);
    }
    if (requirement.key.empty()) return not_parsed(part);
    selector.requirements_.push_back(std::move(requirement));
  }
  return selector;
}

Result<Selector, Status> Selector::parse_fields(std::string_view text, const std::string& kind) {
  std::vector<std::string> known{"metadata.name", "metadata.namespace"};
  if (kind == "Pod") known.insert(known.end(), {"spec.nodeName", "status.phase", "status.podIP"});
  Result<Selector, Status> parsed = parse_labels(text);
  if (!parsed) return bad_request(fmt::format("invalid selector: '{}'; can't understand it", text));
  Selector selector = *std::move(parsed);
  for (Requirement& requirement : selector.requirements_) {
    if (std::find(known.begin(), known.end(), requirement.key) == known.end())
      return bad_request(
          fmt::format("\"{}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"",
                      requirement.key));
    requirement.is_field = true;
  }
  return selector;
}

Result<Filter, Status> Filter::parse(std::string_view labels, std::string_view fields,
                                     const std::string& kind) {
  JUNCTION_TRY_ASSIGN(Selector by_label, Selector::parse_labels(labels));
  JUNCTION_TRY_ASSIGN(Selector by_field, Selector::parse_fields(fields, kind));
  return Filter{std::move(by_label), std::move(by_field)};
}

bool Selector::matches(const json& object) const {
  const json& labels = map_or_none(look(object, "metadata", "labels"));
  return std::all_of(requirements_.begin(), requirements_.end(), [&](const Requirement& requirement) {
    const bool there = requirement.is_field || labels.contains(requirement.key);
    if (requirement.values.empty()) return there != requirement.negated;
    const std::string value = requirement.is_field ? value_at(object, requirement.key)
                              : there              ? text_or(labels.at(requirement.key))
                                                   : std::string();
    const auto& values = requirement.values;
    const bool listed = there && std::find(values.begin(), values.end(), value) != values.end();
    return listed != requirement.negated;
  });
}

}  // namespace junction::sandbox
