#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "edge/files/field.hpp"
#include "junction/kube/policy_change.hpp"
#include "junction/policy_json.hpp"

namespace junction::kube {
namespace {

using nlohmann::json;

void only_known(const Field& object, const char* what, std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : object.members())
    if (std::find(known.begin(), known.end(), name) == known.end())
      Field::refuse(fmt::format("the field '{}' is unknown in {}", name, what));
}

PolicyChange read_id(const Field& id) {
  const std::string type = id["type"].text_or_empty();
  if (type == "dns")
    Field::refuse(
        fmt::format("the Backend {} is a DNS name and has no Service to patch: patch the ExternalName "
                    "Service that points to it",
                    id["hostname"].text_or_empty()));
  if (type != "kube") Field::refuse(fmt::format("the id's type '{}' is not kube", type));
  only_known(id, "a Backend's id", {"type", "name", "namespace", "port"});
  PolicyChange change;
  change.service = id["name"].text_or_empty();
  change.namespace_ = id["namespace"].text_or_empty();
  change.port = id["port"].whole_or_none<std::uint16_t>().value_or(0);
  if (change.service.empty()) Field::refuse("the id has no name");
  if (change.port == 0) Field::refuse("the id has no port (1 to 65535)");
  return change;
}

}  // namespace

Result<PolicyChange> parse_backend(const json& document) {
  return read_fields(document, [](const Field& root) -> Result<PolicyChange> {
    const json& kind = member(root.json(), "kind");
    const bool has_id = root.json().is_object() && root.json().contains("id");
    if (kind.is_string() && !has_id)
      Field::refuse(
          fmt::format("this is a {}: patch -f takes Backends (id and lb)", kind.get<std::string>()));
    if (!has_id) Field::refuse("there is no id: is this a Backend (id and lb)?");
    only_known(root, "a Backend", {"id", "lb"});
    PolicyChange change = read_id(root["id"]);
    const Field policy = root["lb"];
    if (policy.missing()) Field::refuse(fmt::format("the Backend {} has no lb", change.service));
    auto read = policy_from_json(policy.json());
    if (!read) return std::move(read).error().at(fmt::format("the lb of {}", change.service));
    change.policy = std::move(*read);
    return change;
  });
}

}  // namespace junction::kube
