#include "edge/kube/managed_fields.hpp"

#include <fmt/format.h>

#include "edge/kube/fields.hpp"
#include "junction/policy_json.hpp"
#include "junction/service.hpp"

namespace junction::kube {
namespace {

using nlohmann::json;

// Keys of a fieldsV1 map: "f:name" is a field, "." the map itself.
std::string field_name(const std::string& key) {
  return key.starts_with("f:") ? key.substr(2) : std::string();
}

// The first field that is not an annotation; empty: there is none.
std::string foreign_field(const json& fields) {
  for (const auto& item : fields.items()) {
    if (item.key() != "f:metadata") return field_name(item.key());
    for (const auto& inner : item.value().items())
      if (inner.key() != "f:annotations" && inner.key() != ".") return "metadata." + field_name(inner.key());
  }
  return {};
}

}  // namespace

Result<json> apply_body(const json& service, const PolicyChange& change, const std::string& manager) {
  const json& metadata = map_field(service, "metadata");
  const json& today = map_field(metadata, "annotations");
  json annotations = json::object();
  for (const json& entry : list_field(metadata, "managedFields")) {
    if (field(entry, "manager") != manager || field(entry, "operation") != "Apply") continue;
    const json& fields = map_field(entry, "fieldsV1");
    if (const std::string foreign = foreign_field(fields); !foreign.empty())
      return Error{
          ErrorKind::owned,
          fmt::format("the field manager \"{}\" also applied {} of {}, which this apply would take away: use "
                      "another --field-manager",
                      manager, foreign, change.target())};
    for (const auto& item : map_field(map_field(fields, "f:metadata"), "f:annotations").items())
      if (const std::string key = field_name(item.key()); today.contains(key)) annotations[key] = today[key];
  }
  const std::string key = Service::policy_annotation(change.port);
  if (change.policy)
    annotations[key] = policy_json(*change.policy);
  else
    annotations.erase(key);
  return json{{"apiVersion", "v1"},
              {"kind", "Service"},
              {"metadata",
               {{"name", change.service},
                {"namespace", text_field(metadata, "namespace", "default")},
                {"resourceVersion", text_field(metadata, "resourceVersion")},
                {"annotations", std::move(annotations)}}}};
}

std::string owners_of(const json& service, const std::string& annotation) {
  std::string owners;
  for (const json& entry : list_field(map_field(service, "metadata"), "managedFields")) {
    const json& fields = field(field(field(entry, "fieldsV1"), "f:metadata"), "f:annotations");
    if (!fields.is_object() || !fields.contains("f:" + annotation)) continue;
    owners += fmt::format("{}\"{}\"", owners.empty() ? "" : ", ", text_field(entry, "manager"));
  }
  return owners;
}

}  // namespace junction::kube
