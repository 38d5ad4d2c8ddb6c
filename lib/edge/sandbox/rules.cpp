#include "edge/sandbox/rules.hpp"

#include <algorithm>
#include <cctype>

#include "edge/sandbox/fields.hpp"
#include "edge/sandbox/go_words.hpp"
#include "edge/sandbox/names.hpp"

namespace junction::sandbox {
namespace {

using nlohmann::json;

constexpr std::size_t annotations_limit = 262144;  // bytes of all keys and values together

void default_port(json& port) {
  if (!port.contains("protocol")) port["protocol"] = "TCP";
  if (!port.contains("targetPort") && port.contains("port")) port["targetPort"] = port["port"];
}

void check_annotations(Causes& causes, const json& annotations) {
  std::size_t size = 0;
  for (const auto& [key, value] : annotations.items()) {
    std::string lower = key;  // here, case does not matter
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (const std::string fault = qualified_name_fault(lower); !fault.empty())
      causes.invalid("metadata.annotations", go_syntax(key), fault);
    size += key.size() + value.get_ref<const std::string&>().size();
  }
  if (size > annotations_limit) causes.too_long("metadata.annotations", annotations_limit);
}

}  // namespace

void set_defaults(const ResourceType& type, json& object) {
  json& spec = object["spec"];
  if (!spec.is_object()) spec = json::object();
  if (type.kind == "Deployment" && !spec.contains("replicas")) spec["replicas"] = 1;
  if (type.kind != "Service") return;
  if (!spec.contains("type")) spec["type"] = "ClusterIP";
  if (!spec.contains("sessionAffinity")) spec["sessionAffinity"] = "None";
  if (const auto ports = spec.find("ports"); ports != spec.end())
    std::for_each(ports->begin(), ports->end(), default_port);
}

void check_replicas(Causes& causes, std::int64_t replicas, std::int64_t max_replicas) {
  if (replicas < 0)
    causes.invalid("spec.replicas", std::to_string(replicas), "must be greater than or equal to 0");
  if (replicas > max_replicas)
    causes.invalid(
        "spec.replicas", std::to_string(replicas),
        fmt::format("must be less than or equal to {}, which is what a sandbox can run", max_replicas));
}

void check_port_number(Causes& causes, std::int64_t port, const std::string& field) {
  if (port < 1 || port > 65535)
    causes.invalid(field, std::to_string(port), "must be between 1 and 65535, inclusive");
}

void check_labels(Causes& causes, const json& labels, const std::string& field) {
  for (const auto& [key, value] : map_or_none(labels).items()) {
    if (const std::string fault = qualified_name_fault(key); !fault.empty())
      causes.invalid(field, go_syntax(key), fault);
    if (const std::string fault = label_value_fault(text_or(value)); !fault.empty())
      causes.invalid(field, go_syntax(value), fault);
  }
}

void check_metadata(Causes& causes, const ResourceType& type, const json& metadata) {
  const std::string name = text_or(look(metadata, "name"));
  const std::string fault = type.kind == "Service" ? dns_1035_label_fault(name) : dns_subdomain_fault(name);
  if (!fault.empty()) causes.invalid("metadata.name", go_syntax(name), fault);
  check_labels(causes, look(metadata, "labels"), "metadata.labels");
  check_annotations(causes, map_or_none(look(metadata, "annotations")));
}

Result<void, Status> check_object(const ResourceType& type, const json& object, const json& current,
                                  std::int64_t max_replicas) {
  Causes causes;
  check_metadata(causes, type, look(object, "metadata"));
  if (type.kind == "Service") check_service(causes, look(object, "spec"), look(current, "spec"));
  if (type.kind == "Deployment")
    check_deployment(causes, look(object, "spec"), look(current, "spec"), max_replicas);
  if (causes.all().empty()) return {};
  return invalid(type.group, type.kind, text_or(look(object, "metadata", "name")), causes.all());
}

}  // namespace junction::sandbox
