#include "edge/sandbox/table.hpp"

#include <fmt/format.h>

#include <ctime>
#include <functional>
#include <vector>

#include "edge/sandbox/fields.hpp"

namespace junction::sandbox {
namespace {

using nlohmann::json;
using std::chrono::system_clock;

struct Column {
  const char* name;
  const char* type;
  int priority;  ///< 0: always shown; 1: only with -o wide
  std::function<json(const json& object)> cell;
};

using Path = std::vector<const char*>;

const json& at(const json& object, const Path& path) {
  const json* found = &object;
  for (const char* const name : path) found = &look(*found, name);
  return *found;
}

std::string text(const json& value, const char* otherwise = "") {
  return value.is_string() ? value.get<std::string>() : value.is_null() ? otherwise : value.dump();
}

std::string labels(const json& map) {
  std::string joined;
  if (map.is_object())
    for (const auto& [key, value] : map.items())
      joined += (joined.empty() ? "" : ",") + key + "=" + text(value);
  return joined.empty() ? "<none>" : joined;
}

std::string service_ports(const json& object) {
  std::string joined;
  for (const json& port : list_or_none(look(object, "spec", "ports"))) {
    const std::int64_t node = whole_or(look(port, "nodePort"), 0);
    joined += fmt::format("{}{}{}/{}", joined.empty() ? "" : ",", text(look(port, "port")),
                          node ? fmt::format(":{}", node) : "", text(look(port, "protocol")));
  }
  return joined.empty() ? "<none>" : joined;
}

/// At most three, and how many more there are.
std::string abridged(const std::vector<std::string>& items, const char* none) {
  std::string joined;
  for (std::size_t i = 0; i < items.size() && i < 3; ++i) joined += (i ? "," : "") + items[i];
  if (items.size() > 3) joined += fmt::format(" + {} more...", items.size() - 3);
  return joined.empty() ? none : joined;
}

std::string ports_column(const json& object) {
  std::vector<std::string> ports;
  for (const json& port : list_or_none(look(object, "ports"))) ports.push_back(text(look(port, "port"), "*"));
  return abridged(ports, "<unset>");
}

std::string slice_addresses(const json& object) {
  std::vector<std::string> addresses;
  for (const json& endpoint : list_or_none(look(object, "endpoints")))
    for (const json& address : list_or_none(look(endpoint, "addresses"))) addresses.push_back(text(address));
  return abridged(addresses, "<unset>");
}

std::string endpoints_addresses(const json& object) {
  std::vector<std::string> addresses;
  for (const json& subset : list_or_none(look(object, "subsets")))
    for (const json& address : list_or_none(look(subset, "addresses")))
      for (const json& port : list_or_none(look(subset, "ports")))
        addresses.push_back(fmt::format("{}:{}", text(look(address, "ip")), text(look(port, "port"))));
  return abridged(addresses, "<none>");
}

std::string containers(const json& object, const char* field) {
  std::string joined;
  for (const json& container : list_or_none(look(object, "spec", "template", "spec", "containers")))
    joined += (joined.empty() ? "" : ",") + text(look(container, field));
  return joined;
}

std::string pod_status(const json& object) {
  return look(object, "metadata", "deletionTimestamp").is_null() ? text(look(object, "status", "phase"))
                                                                 : "Terminating";
}

std::string pod_ready(const json& object) {
  int ready = 0, all = 0;
  for (const json& container : list_or_none(look(object, "status", "containerStatuses"))) {
    ++all;
    if (look(container, "ready") == true) ++ready;
  }
  return fmt::format("{}/{}", ready, all);
}

Column field(const char* name, const Path& path, const char* otherwise = "<none>", int priority = 0) {
  return {name, "string", priority, [=](const json& object) { return text(at(object, path), otherwise); }};
}

Column count(const char* name, const Path& path) {
  return {name, "string", 0, [=](const json& object) { return whole_or(at(object, path), 0); }};
}

Column computed(const char* name, std::string (*cell)(const json&), int priority = 0) {
  return {name, "string", priority, cell};
}

Column age(system_clock::time_point now) {
  return {"Age", "string", 0, [now](const json& object) -> json {
            std::tm parts{};
            const std::string created = text(look(object, "metadata", "creationTimestamp"));
            if (!::strptime(created.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts)) return "<unknown>";
            const auto since = now - system_clock::from_time_t(::timegm(&parts));
            return human_duration(std::chrono::duration_cast<std::chrono::seconds>(since));
          }};
}

std::vector<Column> columns_of(const ResourceType& type, system_clock::time_point now) {
  const Column name = field("Name", {"metadata", "name"});
  if (type.kind == "Service")
    return {name,
            field("Type", {"spec", "type"}),
            field("Cluster-IP", {"spec", "clusterIP"}),
            field("External-IP", {"spec", "externalName"}),
            computed("Port(s)", service_ports),
            age(now),
            computed(
                "Selector", [](const json& object) { return labels(look(object, "spec", "selector")); }, 1)};
  if (type.kind == "EndpointSlice")
    return {name, field("AddressType", {"addressType"}), computed("Ports", ports_column),
            computed("Endpoints", slice_addresses), age(now)};
  if (type.kind == "Endpoints") return {name, computed("Endpoints", endpoints_addresses), age(now)};
  if (type.kind == "Pod")
    return {name,
            computed("Ready", pod_ready),
            computed("Status", pod_status),
            {"Restarts", "string", 0, [](const json&) { return "0"; }},
            age(now),
            field("IP", {"status", "podIP"}, "<none>", 1),
            field("Node", {"spec", "nodeName"}, "<none>", 1),
            field("Nominated Node", {"status", "nominatedNodeName"}, "<none>", 1),
            field("Readiness Gates", {"spec", "readinessGates"}, "<none>", 1)};
  if (type.kind == "Deployment")
    return {
        name,
        computed("Ready",
                 [](const json& object) {
                   return fmt::format("{}/{}", whole_or(look(object, "status", "readyReplicas"), 0),
                                      whole_or(look(object, "spec", "replicas"), 0));
                 }),
        count("Up-to-date", {"status", "updatedReplicas"}),
        count("Available", {"status", "availableReplicas"}),
        age(now),
        computed(
            "Containers", [](const json& object) { return containers(object, "name"); }, 1),
        computed(
            "Images", [](const json& object) { return containers(object, "image"); }, 1),
        computed(
            "Selector",
            [](const json& object) { return labels(look(object, "spec", "selector", "matchLabels")); }, 1)};
  if (type.kind == "Namespace") return {name, field("Status", {"status", "phase"}), age(now)};
  return {name, age(now)};
}

json row_object(const json& object, RowObject include) {
  if (include == RowObject::none) return nullptr;
  if (include == RowObject::object) return object;
  return {{"kind", "PartialObjectMetadata"},
          {"apiVersion", "meta.k8s.io/v1"},
          {"metadata", look(object, "metadata")}};
}

}  // namespace

std::string human_duration(std::chrono::seconds duration) {
  const auto s = std::max<std::int64_t>(duration.count(), 0);
  const auto m = s / 60, h = m / 60, d = h / 24;
  if (s < 120) return fmt::format("{}s", s);
  if (m < 10) return s % 60 ? fmt::format("{}m{}s", m, s % 60) : fmt::format("{}m", m);
  if (m < 180) return fmt::format("{}m", m);
  if (h < 8) return m % 60 ? fmt::format("{}h{}m", h, m % 60) : fmt::format("{}h", h);
  if (h < 48) return fmt::format("{}h", h);
  if (d < 8) return h % 24 ? fmt::format("{}d{}h", d, h % 24) : fmt::format("{}d", d);
  return fmt::format("{}d", d);
}

json make_table(const ResourceType& type, std::span<const Object> objects, json metadata, RowObject include,
                system_clock::time_point now, bool with_columns) {
  const std::vector<Column> columns = columns_of(type, now);
  json definitions = json::array(), rows = json::array();
  for (const Column& column : columns)
    definitions.push_back({{"name", column.name},
                           {"type", column.type},
                           {"format", std::string_view(column.name) == "Name" ? "name" : ""},
                           {"description", ""},
                           {"priority", column.priority}});
  for (const Object& object : objects) {
    json cells = json::array();
    for (const Column& column : columns) cells.push_back(column.cell(*object));
    rows.push_back({{"cells", std::move(cells)}, {"object", row_object(*object, include)}});
  }
  return {{"kind", "Table"},
          {"apiVersion", "meta.k8s.io/v1"},
          {"metadata", std::move(metadata)},
          {"columnDefinitions", with_columns ? std::move(definitions) : json()},
          {"rows", std::move(rows)}};
}

}  // namespace junction::sandbox
