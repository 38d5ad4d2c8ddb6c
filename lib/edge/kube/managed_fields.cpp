#include "edge/kube/managed_fields.hpp"

#include <fmt/format.h>

#include "edge/files/field.hpp"
#include "junction/policy_json.hpp"
#include "junction/service.hpp"
#include "junction/try.hpp"

namespace junction::kube {
namespace {

using nlohmann::json;

// Keys of a fieldsV1 map: "f:name" is a field, "." the map itself.
std::string field_name(const std::string& key) {
  return key.starts_with("f:") ? key.substr(2) : std::string();
}

// The first field that is not an annotation; empty: there is none.
std::string foreign_field(const Field& fields) {
  for (const auto& [name, value] : fields.members_or_none()) {
    if (name != "f:metadata") return field_name(name);
    for (const auto& [inner, ignored] : value.members_or_none())
      if (inner != "f:annotations" && inner != ".") return "metadata." + field_name(inner);
  }
  return {};
}

// What `manager` applied of the annotations, with their values of today.
Result<json> applied_annotations(const Field& metadata, const PolicyChange& change,
                                 const std::string& manager) {
  const json& today = metadata["annotations"].json();
  json annotations = json::object();
  for (const Field entry : metadata["managedFields"].items_or_none()) {
    if (entry["manager"].text_or_empty() != manager || entry["operation"].text_or_empty() != "Apply")
      continue;
    const Field fields = entry["fieldsV1"];
    if (const std::string foreign = foreign_field(fields); !foreign.empty())
      return Error{
          ErrorKind::owned,
          fmt::format("the field manager \"{}\" also applied {} of {}, which this apply would take away: use "
                      "another --field-manager",
                      manager, foreign, change.target())};
    for (const auto& [name, ignored] : fields["f:metadata"]["f:annotations"].members_or_none())
      if (const std::string key = field_name(name); today.is_object() && today.contains(key))
        annotations[key] = today[key];
  }
  return annotations;
}

}  // namespace

Result<json> apply_body(const json& service, const PolicyChange& change, const std::string& manager) {
  auto body = read_fields(service, [&](const Field& root) -> Result<json> {
    const Field metadata = root["metadata"];
    JUNCTION_TRY_ASSIGN(json annotations, applied_annotations(metadata, change, manager));
    const std::string key = Service::policy_annotation(change.port);
    if (change.policy)
      annotations[key] = policy_json(*change.policy);
    else
      annotations.erase(key);
    return json{{"apiVersion", "v1"},
                {"kind", "Service"},
                {"metadata",
                 {{"name", change.service},
                  {"namespace", metadata["namespace"].text_or("default")},
                  {"resourceVersion", metadata["resourceVersion"].text_or_empty()},
                  {"annotations", std::move(annotations)}}}};
  });
  if (!body && body.error().kind == ErrorKind::invalid) return std::move(body).error().at(change.target());
  return body;
}

std::string owners_of(const json& service, const std::string& annotation) {
  std::string owners;
  const json& entries = member(member(service, "metadata"), "managedFields");
  if (!entries.is_array()) return owners;
  for (const json& entry : entries) {
    const json& fields = member(member(member(entry, "fieldsV1"), "f:metadata"), "f:annotations");
    const json& manager = member(entry, "manager");
    if (!fields.is_object() || !fields.contains("f:" + annotation) || !manager.is_string()) continue;
    owners += fmt::format("{}\"{}\"", owners.empty() ? "" : ", ", manager.get_ref<const std::string&>());
  }
  return owners;
}

}  // namespace junction::kube
