#include "edge/sandbox/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <functional>
#include <set>

namespace junction::sandbox {
namespace {

using nlohmann::json;

constexpr std::size_t annotations_limit = 262144;  // bytes of all keys and values together

using Causes = std::vector<Cause>;

void fault(Causes& causes, std::string message, std::string field) {
  causes.push_back({"FieldValueInvalid", "Invalid value: " + std::move(message), std::move(field)});
}

bool alphanumeric(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

bool is_name_part(std::string_view name) {
  const auto inner = [](char c) { return alphanumeric(c) || c == '-' || c == '_' || c == '.'; };
  return !name.empty() && alphanumeric(name.front()) && alphanumeric(name.back()) &&
         std::all_of(name.begin(), name.end(), inner);
}

void check_annotation_key(Causes& causes, const std::string& key) {
  const auto slash = key.find('/');
  const std::string name = slash == std::string::npos ? key : key.substr(slash + 1);
  const std::string prefix = slash == std::string::npos ? "" : key.substr(0, slash);
  if (prefix.size() > 253)
    fault(causes, fmt::format("\"{}\": prefix part must be no more than 253 characters", key),
          "metadata.annotations");
  if (name.size() > 63)
    fault(causes, fmt::format("\"{}\": name part must be no more than 63 characters", key),
          "metadata.annotations");
  if (!is_name_part(name))
    fault(causes,
          fmt::format(
              "\"{}\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start "
              "and end "
              "with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "
              "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
              key),
          "metadata.annotations");
}

void check_annotations(Causes& causes, const json& metadata) {
  if (!metadata.contains("annotations")) return;
  std::size_t size = 0;
  for (const auto& [key, value] : metadata["annotations"].items()) {
    check_annotation_key(causes, key);
    size += key.size() + value.get_ref<const std::string&>().size();
  }
  if (size > annotations_limit)
    causes.push_back({"FieldValueTooLong",
                      fmt::format("Too long: may not be more than {} bytes", annotations_limit),
                      "metadata.annotations"});
}

void check_port_number(Causes& causes, const json& port, const std::string& field) {
  if (!port.is_number_integer()) return;
  const auto number = port.get<std::int64_t>();
  if (number < 1 || number > 65535)
    fault(causes, fmt::format("{}: must be between 1 and 65535, inclusive", number), field);
}

void check_ports(Causes& causes, const json& ports) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const json& port = ports[i];
    const std::string at = fmt::format("spec.ports[{}]", i), name = port.value("name", "");
    if (ports.size() > 1 && name.empty())
      causes.push_back({"FieldValueRequired", "Required value", at + ".name"});
    if (!name.empty() && !names.insert(name).second)
      causes.push_back({"FieldValueDuplicate", fmt::format("Duplicate value: \"{}\"", name), at + ".name"});
    check_port_number(causes, port.value("port", json(0)), at + ".port");
    const std::string protocol = port.value("protocol", "TCP");
    if (protocol != "TCP" && protocol != "UDP" && protocol != "SCTP")
      causes.push_back(
          {"FieldValueNotSupported",
           fmt::format("Unsupported value: \"{}\": supported values: \"SCTP\", \"TCP\", \"UDP\"", protocol),
           at + ".protocol"});
    check_port_number(causes, port.value("targetPort", json(1)), at + ".targetPort");
  }
}

void check_service(Causes& causes, const json& spec) {
  static const std::set<std::string> types{"ClusterIP", "ExternalName", "LoadBalancer", "NodePort"};
  const std::string type = spec.value("type", "ClusterIP");
  const json ports = spec.value("ports", json::array());
  if (!types.contains(type))
    causes.push_back(
        {"FieldValueNotSupported",
         fmt::format("Unsupported value: \"{}\": supported values: \"ClusterIP\", \"ExternalName\", "
                     "\"LoadBalancer\", \"NodePort\"",
                     type),
         "spec.type"});
  if (ports.empty() && type != "ExternalName" && spec.value("clusterIP", "") != "None")
    causes.push_back({"FieldValueRequired", "Required value", "spec.ports"});
  check_ports(causes, ports);
}

/// A path into an object and the JSON type that must be there; "*" stands for every member.
struct Typed {
  std::vector<std::string> path;
  bool (json::*is)() const noexcept;
  const char* go_type;
};

const std::vector<Typed>& typed_fields() {
  static const std::vector<Typed> fields{
      {{"metadata"}, &json::is_object, "ObjectMeta"},
      {{"metadata", "annotations"}, &json::is_object, "map[string]string"},
      {{"metadata", "annotations", "*"}, &json::is_string, "string"},
      {{"metadata", "labels"}, &json::is_object, "map[string]string"},
      {{"metadata", "labels", "*"}, &json::is_string, "string"},
      {{"metadata", "resourceVersion"}, &json::is_string, "string"},
      {{"spec"}, &json::is_object, "spec"},
      {{"spec", "replicas"}, &json::is_number_integer, "int32"},
      {{"spec", "type"}, &json::is_string, "string"},
      {{"spec", "clusterIP"}, &json::is_string, "string"},
      {{"spec", "selector"}, &json::is_object, "map[string]string"},
      {{"spec", "ports"}, &json::is_array, "[]ServicePort"},
      {{"spec", "ports", "*"}, &json::is_object, "ServicePort"},
      {{"spec", "ports", "*", "port"}, &json::is_number_integer, "int32"},
      {{"spec", "ports", "*", "name"}, &json::is_string, "string"},
      {{"spec", "ports", "*", "protocol"}, &json::is_string, "string"},
  };
  return fields;
}

bool fits(const json& value, const Typed& field, std::size_t depth) {
  if (depth == field.path.size()) return value.is_null() || (value.*field.is)();
  const std::string& step = field.path[depth];
  if (step == "*")
    return !value.is_structured() || std::all_of(value.begin(), value.end(), [&](const json& member) {
      return fits(member, field, depth + 1);
    });
  return !value.is_object() || !value.contains(step) || fits(value[step], field, depth + 1);
}

}  // namespace

Status wrong_types(const json& object, const std::string& why) {
  const std::string message = fmt::format(
      "Invalid value: {}: {}", json(object.dump(-1, ' ', false, json::error_handler_t::replace)).dump(), why);
  return {422,
          "Invalid",
          " \"\" is invalid: patch: " + message,
          {{"causes", {{{"reason", "FieldValueInvalid"}, {"message", message}, {"field", "patch"}}}}}};
}

void set_defaults(const ResourceType& type, json& object) {
  if (type.kind != "Service" || !object.value("spec", json()).is_object()) return;
  json& spec = object["spec"];
  if (!spec.contains("type")) spec["type"] = "ClusterIP";
  if (!spec.contains("sessionAffinity")) spec["sessionAffinity"] = "None";
  if (!spec.value("ports", json()).is_array()) return;
  for (json& port : spec["ports"]) {
    if (!port.is_object()) continue;
    if (!port.contains("protocol")) port["protocol"] = "TCP";
    if (!port.contains("targetPort") && port.contains("port")) port["targetPort"] = port["port"];
  }
}

std::vector<Cause> check_replicas(std::int64_t replicas, std::int64_t max_replicas) {
  Causes causes;
  if (replicas < 0)
    fault(causes, fmt::format("{}: must be greater than or equal to 0", replicas), "spec.replicas");
  if (replicas > max_replicas)
    fault(causes,
          fmt::format("{}: must be less than or equal to {}, which is what a sandbox can run", replicas,
                      max_replicas),
          "spec.replicas");
  return causes;
}

Result<void, Status> check_object(const ResourceType& type, const json& object, std::int64_t max_replicas) {
  for (const Typed& field : typed_fields())
    if (!fits(object, field, 0))
      return wrong_types(object, fmt::format("json: cannot unmarshal into Go struct field .{} of type {}",
                                             field.path.back() == "*" ? field.path[field.path.size() - 2]
                                                                      : field.path.back(),
                                             field.go_type));
  Causes causes;
  check_annotations(causes, object.at("metadata"));
  const json spec = object.value("spec", json::object());
  if (type.kind == "Service") check_service(causes, spec);
  if (type.kind == "Deployment") {
    const Causes replicas = check_replicas(spec.value("replicas", std::int64_t{1}), max_replicas);
    causes.insert(causes.end(), replicas.begin(), replicas.end());
  }
  if (causes.empty()) return {};
  return invalid(type.group, type.kind, object.at("metadata").value("name", ""), causes);
}

}  // namespace junction::sandbox
