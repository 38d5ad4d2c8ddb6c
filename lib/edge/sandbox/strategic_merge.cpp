#include "edge/sandbox/strategic_merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "edge/sandbox/fields.hpp"
#include "edge/sandbox/go_words.hpp"

namespace junction::sandbox {
namespace {

using nlohmann::json;

constexpr std::string_view set_order = "$setElementOrder/";
constexpr std::string_view delete_from = "$deleteFromPrimitiveList/";

/// The first failure; merging goes on quietly after it and its outcome is dropped.
using Failure = std::optional<Status>;

void merge_object(json& into, const json& patch, std::string_view parent, Failure& failed);

json::iterator find_member(json& list, const std::string& key, const json& value) {
  return std::find_if(list.begin(), list.end(), [&](const json& member) {
    return member.is_object() && member.value(key, json()) == value;
  });
}

void merge_list(json& into, const json& patch, const std::string& key, std::string_view name,
                Failure& failed) {
  if (!into.is_array()) into = json::array();
  for (const json& member : patch) {
    if (text_or(look(member, "$patch")) == "replace") {
      into = json::array();
      continue;
    }
    if (!member.is_object() || !member.contains(key)) {
      failed = internal_error(
          fmt::format("map: {} does not contain declared merge key: {}", go_print(member), key));
      return;
    }
    const auto known = find_member(into, key, member.at(key));
    if (text_or(look(member, "$patch")) == "delete") {
      if (known != into.end()) into.erase(known);
    } else if (known != into.end()) {
      merge_object(*known, member, name, failed);
    } else {
      json added = json::object();
      merge_object(added, member, name, failed);
      into.push_back(std::move(added));
    }
  }
}

/// Members named in `order` first, in that order; the others keep theirs behind.
void reorder(json& list, const json& order, const std::string& key) {
  if (!list.is_array() || !order.is_array()) return;
  const auto rank = [&](const json& member) {
    const auto same = [&](const json& wanted) {
      return key.empty() ? wanted == member
                         : wanted.is_object() && wanted.value(key, json()) == member.value(key, json());
    };
    return std::find_if(order.begin(), order.end(), same) - order.begin();
  };
  std::vector<json> members(list.begin(), list.end());
  std::stable_sort(members.begin(), members.end(),
                   [&](const json& a, const json& b) { return rank(a) < rank(b); });
  list = members;
}

void merge_primitives(json& into, const json& patch) {
  if (!into.is_array()) into = json::array();
  for (const json& value : patch)
    if (std::find(into.begin(), into.end(), value) == into.end()) into.push_back(value);
}

void apply_directive(json& into, const std::string& name, const json& value, std::string_view parent) {
  if (name.starts_with(set_order)) {
    const std::string list = name.substr(set_order.size());
    if (into.contains(list)) reorder(into[list], value, merge_key(parent, list));
  } else if (name.starts_with(delete_from)) {
    const std::string list = name.substr(delete_from.size());
    if (!into.contains(list) || !into[list].is_array()) return;
    json kept = json::array();
    for (const json& member : into[list])
      if (std::find(value.begin(), value.end(), member) == value.end()) kept.push_back(member);
    into[list] = std::move(kept);
  } else if (name == "$retainKeys") {
    json kept = json::object();
    for (const auto& [field, old] : into.items())
      if (std::find(value.begin(), value.end(), field) != value.end()) kept[field] = old;
    into = std::move(kept);
  }
}

void merge_field(json& into, const std::string& name, const json& value, std::string_view parent,
                 Failure& failed) {
  if (value.is_null()) {
    into.erase(name);
  } else if (value.is_object()) {
    if (!into.contains(name) || !into[name].is_object()) into[name] = json::object();
    merge_object(into[name], value, name, failed);
  } else if (value.is_array() && !merge_key(parent, name).empty()) {
    merge_list(into[name], value, merge_key(parent, name), name, failed);
  } else if (value.is_array() && name == "finalizers") {
    merge_primitives(into[name], value);
  } else {
    into[name] = value;
  }
}

void merge_object(json& into, const json& patch, std::string_view parent, Failure& failed) {
  const std::string directive = text_or(look(patch, "$patch"));
  if (directive == "delete" || directive == "replace") into = json::object();
  if (directive == "delete") return;
  if (const json& kept = look(patch, "$retainKeys"); !kept.is_null())
    apply_directive(into, "$retainKeys", kept, parent);
  for (const auto& [name, value] : patch.items())
    if (!name.starts_with('$')) merge_field(into, name, value, parent, failed);
  for (const auto& [name, value] : patch.items())
    if (name.starts_with('$') && name != "$retainKeys") apply_directive(into, name, value, parent);
}

}  // namespace

std::string merge_key(std::string_view parent, std::string_view list) {
  struct Row {
    std::string_view parent, list, key;
  };
  static constexpr std::array rows{
      Row{"spec", "ports", "port"},
      Row{"spec", "containers", "name"},
      Row{"spec", "initContainers", "name"},
      Row{"containers", "ports", "containerPort"},
      Row{"containers", "env", "name"},
      Row{"containers", "volumeMounts", "mountPath"},
      Row{"spec", "volumes", "name"},
      Row{"status", "conditions", "type"},
      Row{"metadata", "ownerReferences", "uid"},
  };
  for (const Row& row : rows)
    if (row.parent == parent && row.list == list) return std::string(row.key);
  return {};
}

Result<json, Status> strategic_merge(const json& object, const json& patch) {
  json merged = object;
  Failure failed;
  merge_object(merged, patch, "", failed);
  if (failed) return *std::move(failed);
  return merged;
}

}  // namespace junction::sandbox
