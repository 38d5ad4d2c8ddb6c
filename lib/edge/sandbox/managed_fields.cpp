#include "edge/sandbox/managed_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "edge/sandbox/fields.hpp"
#include "edge/sandbox/object_store.hpp"
#include "edge/sandbox/strategic_merge.hpp"
#include "junction/try.hpp"

namespace junction::sandbox {
namespace {

using nlohmann::json;

/// What tells a list's member apart, as fieldsV1 spells it; a Service's ports by two fields, unlike strategic
/// merge.
std::string member_key(const json& member, const std::string& key) {
  json parts{{key, look(member, key.c_str())}};
  if (key == "port" || key == "containerPort") parts["protocol"] = text_or(look(member, "protocol"), "TCP");
  return "k:" + parts.dump();
}

bool is_keyed(const json& list, const std::string& key) {
  return !key.empty() && std::all_of(list.begin(), list.end(), [&](const json& member) {
    return member.is_object() && member.contains(key);
  });
}

/// What lies deeper belongs together: no field of a real object does, and a path is kept for every leaf.
constexpr std::size_t deepest_field = 16;

void collect(const json& value, const std::string& parent, const std::string& name, FieldPath& path,
             FieldSet& found) {
  const std::string key = value.is_array() ? merge_key(parent, name) : "";
  if (path.size() >= deepest_field) {
    found.insert(path);
  } else if (value.is_object() && !value.empty()) {
    for (const auto& [field, member] : value.items()) {
      path.push_back("f:" + field);
      collect(member, name, field, path, found);
      path.pop_back();
    }
  } else if (value.is_array() && !value.empty() && is_keyed(value, key)) {
    for (const json& member : value) {
      path.push_back(member_key(member, key));
      collect(member, parent, name, path, found);
      path.pop_back();
    }
  } else {
    found.insert(path);
  }
}

/// The field by which a step such as k:{"port":80,"protocol":"TCP"} picks a list's member.
std::string key_name(const std::string& step) {
  for (const char* const name : {"port", "containerPort", "mountPath", "uid", "type"})
    if (step.find(fmt::format("\"{}\":", name)) != std::string::npos) return name;
  return "name";
}

/// The value at `path`, null where there is none.
json* find(json& object, const FieldPath& path, std::size_t steps) {
  json* at = &object;
  for (std::size_t i = 0; i < steps && at; ++i) {
    const std::string& step = path[i];
    if (step.starts_with("f:")) {
      const auto found = at->find(step.substr(2));
      at = at->is_object() && found != at->end() ? &*found : nullptr;
      continue;
    }
    if (!at->is_array()) return nullptr;
    const std::string name = key_name(step);
    const auto member = std::find_if(at->begin(), at->end(), [&](const json& candidate) {
      return candidate.is_object() && member_key(candidate, name) == step;
    });
    at = member != at->end() ? &*member : nullptr;
  }
  return at;
}

json value_at(const json& object, const FieldPath& path) {
  const json* const found = find(const_cast<json&>(object), path, path.size());  // looks only
  return found ? *found : json();
}

void erase(json& object, const FieldPath& path) {
  json* const parent = find(object, path, path.size() - 1);
  if (!parent || !parent->is_object()) return;
  const std::string field = path.back().substr(2);
  const std::string member = path.size() > 1 ? path[path.size() - 2] : "";
  if (!member.starts_with("k:") || field != key_name(member)) {
    parent->erase(field);
    return;
  }
  json* const list = find(object, path, path.size() - 2);  // without its key, the member goes as a whole
  list->erase(list->begin() + (parent - &list->front()));
}

std::string to_text(const FieldPath& path) {
  std::string text;
  for (const std::string& step : path)
    text += step.starts_with("f:") ? "." + step.substr(2) : "[" + step.substr(2) + "]";
  return text;
}

json entries_of(const json& object) {
  return list_or_none(look(object, "metadata", "managedFields"));
}

bool is_by(const json& entry, const FieldManager& manager) {
  return look(entry, "manager") == manager.name &&
         look(entry, "operation") == (manager.applies ? "Apply" : "Update") &&
         text_or(look(entry, "subresource")) == manager.subresource;
}

json make_entry(const FieldManager& manager, const FieldSet& fields) {
  json entry{{"manager", manager.name},           {"operation", manager.applies ? "Apply" : "Update"},
             {"apiVersion", manager.api_version}, {"time", timestamp(std::chrono::system_clock::now())},
             {"fieldsType", "FieldsV1"},          {"fieldsV1", to_fields_v1(fields)}};
  if (!manager.subresource.empty()) entry["subresource"] = manager.subresource;
  return entry;
}

/// Takes `lost` from everyone else and gives `owned` to `manager` (an applier owns no more than that). An
/// entry that says the same as before keeps its time, so that repeating a request changes nothing.
void assign(json& object, const json& before, const FieldManager& manager, const FieldSet& owned,
            const FieldSet& lost) {
  json entries = json::array();
  FieldSet mine = owned;
  json same = nullptr;
  for (json entry : entries_of(before)) {
    FieldSet fields = from_fields_v1(look(entry, "fieldsV1"));
    if (is_by(entry, manager)) {
      if (!manager.applies)
        for (const FieldPath& field : fields)
          if (!lost.contains(field)) mine.insert(field);
      if (mine == fields) same = entry;
      continue;
    }
    std::erase_if(fields, [&](const FieldPath& field) { return lost.contains(field); });
    entry["fieldsV1"] = to_fields_v1(fields);
    if (!fields.empty()) entries.push_back(std::move(entry));
  }
  if (!mine.empty()) entries.insert(entries.begin(), same.is_null() ? make_entry(manager, mine) : same);
  object["metadata"]["managedFields"] = std::move(entries);
  if (object["metadata"]["managedFields"].empty()) object["metadata"].erase("managedFields");
}

struct Conflict {
  std::string with;
  FieldPath field;
};

std::vector<Conflict> find_conflicts(const json& before, const json& applied, const FieldSet& fields,
                                     const FieldManager& manager) {
  std::vector<Conflict> conflicts;
  for (const json& entry : entries_of(before)) {
    if (is_by(entry, manager)) continue;
    std::string with = fmt::format("\"{}\"", text_or(look(entry, "manager")));
    if (const std::string part = text_or(look(entry, "subresource")); !part.empty())
      with += fmt::format(" with subresource \"{}\"", part);
    if (look(entry, "operation") == "Update") with += " using " + text_or(look(entry, "apiVersion"));
    for (const FieldPath& field : from_fields_v1(look(entry, "fieldsV1")))
      if (fields.contains(field) && value_at(before, field) != value_at(applied, field))
        conflicts.push_back({with, field});
  }
  return conflicts;
}

Status conflict(const std::vector<Conflict>& conflicts) {
  json causes = json::array();
  std::string text;
  for (const auto& [with, field] : conflicts) {
    causes.push_back({{"reason", "FieldManagerConflict"},
                      {"message", "conflict with " + with},
                      {"field", to_text(field)}});
    const bool first_of_manager = text.find("conflicts with " + with + ":") == std::string::npos;
    if (first_of_manager) text += fmt::format("{}conflicts with {}:", text.empty() ? "" : "\n", with);
    text += "\n- " + to_text(field);
  }
  if (conflicts.size() == 1)
    text = fmt::format("conflict with {}: {}", conflicts[0].with, to_text(conflicts[0].field));
  return {409,
          "Conflict",
          fmt::format("Apply failed with {} conflict{}: {}", conflicts.size(),
                      conflicts.size() == 1 ? "" : "s", text),
          {{"causes", std::move(causes)}}};
}

/// What this manager applied earlier and has now left out goes, unless somebody else wants it too.
void remove_abandoned(json& object, const json& before, const FieldSet& fields, const FieldManager& manager) {
  FieldSet abandoned;
  for (const json& entry : entries_of(before))
    if (is_by(entry, manager))
      for (const FieldPath& field : from_fields_v1(look(entry, "fieldsV1")))
        if (!fields.contains(field)) abandoned.insert(field);
  for (const json& entry : entries_of(before))
    if (!is_by(entry, manager))
      for (const FieldPath& field : from_fields_v1(look(entry, "fieldsV1"))) abandoned.erase(field);
  for (const FieldPath& field : abandoned) erase(object, field);
}

void collect_fields_v1(const json& fields, FieldPath& path, FieldSet& found) {
  if (fields.empty() && !path.empty()) found.insert(path);
  for (const auto& [step, below] : fields.items()) {
    if (step == ".") continue;  // the map itself: its leaves are what is tracked here
    path.push_back(step);
    collect_fields_v1(below, path, found);
    path.pop_back();
  }
}

}  // namespace

FieldSet fields_of(const json& object) {
  json owned = object;
  for (const char* const field : {"apiVersion", "kind", "status"}) owned.erase(field);
  json metadata = json::object();
  for (const char* const field : {"annotations", "labels", "finalizers", "ownerReferences"})
    if (const json& value = look(object, "metadata", field); !value.is_null()) metadata[field] = value;
  owned["metadata"] = std::move(metadata);
  if (owned["metadata"].empty()) owned.erase("metadata");
  FieldSet found;
  FieldPath path;
  if (!owned.empty()) collect(owned, "", "", path, found);
  return found;
}

json to_fields_v1(const FieldSet& fields) {
  json tree = json::object();
  for (const FieldPath& path : fields) {
    json* at = &tree;
    for (const std::string& step : path) {
      if (!at->contains(step)) (*at)[step] = json::object();
      at = &(*at)[step];
    }
  }
  return tree;
}

FieldSet from_fields_v1(const json& fields) {
  FieldSet found;
  FieldPath path;
  collect_fields_v1(fields, path, found);
  return found;
}

void record_update(const json& before, json& next, const FieldManager& manager) {
  const FieldSet had = fields_of(before), has = fields_of(next);
  FieldSet changed, lost;
  for (const FieldPath& field : has)
    if (!had.contains(field) || value_at(before, field) != value_at(next, field)) changed.insert(field);
  lost = changed;
  for (const FieldPath& field : had)
    if (!has.contains(field)) lost.insert(field);
  if (!lost.empty()) assign(next, before, manager, changed, lost);
}

Result<json, Status> server_side_apply(const json& before, const json& applied, const FieldManager& manager,
                                       bool force) {
  const FieldSet fields = fields_of(applied);
  const std::vector<Conflict> conflicts = find_conflicts(before, applied, fields, manager);
  if (!conflicts.empty() && !force) return conflict(conflicts);
  json next = before;
  remove_abandoned(next, before, fields, manager);
  json wanted = applied;
  if (const auto metadata = wanted.find("metadata"); metadata != wanted.end())
    metadata->erase("managedFields");
  JUNCTION_TRY_ASSIGN(json merged, strategic_merge(next, wanted));
  next = std::move(merged);
  FieldSet taken;
  for (const Conflict& taken_over : conflicts) taken.insert(taken_over.field);
  assign(next, before, manager, fields, taken);
  return next;
}

}  // namespace junction::sandbox
