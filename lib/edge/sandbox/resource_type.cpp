#include "edge/sandbox/resource_type.hpp"

#include <algorithm>

namespace junction::sandbox {
namespace {

using nlohmann::json;

const std::vector<std::string> readable{"get", "list", "watch"};
const std::vector<std::string> changeable{"create", "delete", "get", "list", "patch", "update", "watch"};
const std::vector<std::string> scalable{"get", "list", "patch", "update", "watch"};

std::string group_version(const ResourceType& type) {
  return type.api_version();
}

json describe(const ResourceType& type) {
  json described{{"name", type.plural},
                 {"singularName", type.singular},
                 {"namespaced", type.namespaced},
                 {"kind", type.kind},
                 {"verbs", type.verbs}};
  if (!type.short_names.empty()) described["shortNames"] = type.short_names;
  if (!type.categories.empty()) described["categories"] = type.categories;
  return described;
}

json describe_subresource(const ResourceType& type, const std::string& name) {
  json described{{"name", type.plural + "/" + name},
                 {"singularName", ""},
                 {"namespaced", type.namespaced},
                 {"kind", type.kind},
                 {"verbs", {"get"}}};
  if (name == "scale")
    described.update({{"group", "autoscaling"},
                      {"version", "v1"},
                      {"kind", "Scale"},
                      {"verbs", {"get", "patch", "update"}}});
  if (name == "status") described["verbs"] = {"get", "patch", "update"};
  return described;
}

/// The resources of one group and version, null where there are none.
json resource_list(std::string_view wanted) {
  json resources = json::array();
  for (const ResourceType& type : resource_types()) {
    if (group_version(type) != wanted) continue;
    resources.push_back(describe(type));
    for (const std::string& name : type.subresources) resources.push_back(describe_subresource(type, name));
  }
  if (resources.empty()) return nullptr;
  json list{{"kind", "APIResourceList"}, {"groupVersion", wanted}, {"resources", std::move(resources)}};
  if (wanted != "v1") list["apiVersion"] = "v1";  // the real server leaves it out of the core group's list
  return list;
}

json describe_group(const ResourceType& type) {
  const json version{{"groupVersion", group_version(type)}, {"version", type.version}};
  return {{"name", type.group}, {"versions", {version}}, {"preferredVersion", version}};
}

json group_list() {
  json groups = json::array();
  for (const ResourceType& type : resource_types()) {
    const bool known = std::any_of(groups.begin(), groups.end(),
                                   [&](const json& group) { return group.at("name") == type.group; });
    if (!type.group.empty() && !known) groups.push_back(describe_group(type));
  }
  return {{"kind", "APIGroupList"}, {"apiVersion", "v1"}, {"groups", std::move(groups)}};
}

json one_group(std::string_view name) {
  for (const ResourceType& type : resource_types()) {
    if (type.group != name || name.empty()) continue;
    json group = describe_group(type);
    group.update({{"kind", "APIGroup"}, {"apiVersion", "v1"}});
    return group;
  }
  return nullptr;
}

}  // namespace

std::span<const ResourceType> resource_types() {
  static const std::vector<ResourceType> types{
      {"", "v1", "services", "service", "Service", true, {"svc"}, changeable, {"status"}, {"all"}},
      {"", "v1", "endpoints", "endpoints", "Endpoints", true, {"ep"}, readable, {}, {}},
      {"", "v1", "pods", "pod", "Pod", true, {"po"}, readable, {"log", "status"}, {"all"}},
      {"", "v1", "namespaces", "namespace", "Namespace", false, {"ns"}, readable, {"status"}, {}},
      {"apps",
       "v1",
       "deployments",
       "deployment",
       "Deployment",
       true,
       {"deploy"},
       scalable,
       {"scale", "status"},
       {"all"}},
      {"discovery.k8s.io",
       "v1",
       "endpointslices",
       "endpointslice",
       "EndpointSlice",
       true,
       {},
       readable,
       {},
       {}},
      {"authorization.k8s.io",
       "v1",
       "selfsubjectaccessreviews",
       "selfsubjectaccessreview",
       "SelfSubjectAccessReview",
       false,
       {},
       {"create"},
       {},
       {}},
  };
  return types;
}

const ResourceType* find_resource_type(std::string_view group, std::string_view version,
                                       std::string_view plural) {
  for (const ResourceType& type : resource_types())
    if (type.group == group && type.version == version && type.plural == plural) return &type;
  return nullptr;
}

std::optional<json> discovery_document(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  if (path == "/api")
    return json{{"kind", "APIVersions"}, {"versions", {"v1"}}, {"serverAddressByClientCIDRs", json::array()}};
  if (path == "/api/v1") return resource_list("v1");
  if (path == "/apis") return group_list();
  if (!path.starts_with("/apis/")) return std::nullopt;
  path.remove_prefix(6);
  json document = path.find('/') == std::string_view::npos ? one_group(path) : resource_list(path);
  return document.is_null() ? std::nullopt : std::optional(std::move(document));
}

json version_document() {
  return {{"major", "1"},    {"minor", "33"},           {"gitVersion", "v1.33.0+junctionctl-sandbox"},
          {"gitCommit", ""}, {"gitTreeState", "clean"}, {"buildDate", "1970-01-01T00:00:00Z"},
          {"goVersion", ""}, {"compiler", "gc"},        {"platform", "linux/amd64"}};
}

}  // namespace junction::sandbox
