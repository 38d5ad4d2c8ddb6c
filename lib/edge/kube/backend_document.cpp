#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "edge/kube/fields.hpp"
#include "junction/kube/policy_change.hpp"
#include "junction/policy_json.hpp"

namespace junction::kube {
namespace {

using nlohmann::json;

void only_known(const json& object, const char* what, std::initializer_list<std::string_view> known) {
  for (const auto& item : object.items())
    if (std::find(known.begin(), known.end(), item.key()) == known.end())
      throw FieldError{fmt::format("the field '{}' is unknown in {}", item.key(), what)};
}

PolicyChange read_id(const json& id) {
  const std::string type = text_field(id, "type");
  if (type == "dns")
    throw FieldError{
        fmt::format("the Backend {} is a DNS name and has no Service to patch: patch the ExternalName "
                    "Service that points to it",
                    text_field(id, "hostname"))};
  if (type != "kube") throw FieldError{fmt::format("the id's type '{}' is not kube", type)};
  only_known(id, "a Backend's id", {"type", "name", "namespace", "port"});
  PolicyChange change;
  change.service = text_field(id, "name");
  change.namespace_ = text_field(id, "namespace");
  change.port = number_field<std::uint16_t>(id, "port").value_or(0);
  if (change.service.empty()) throw FieldError{"the id has no name"};
  if (change.port == 0) throw FieldError{"the id has no port (1 to 65535)"};
  return change;
}

}  // namespace

Result<PolicyChange> parse_backend(const json& document) {
  return reading("", [&] {
    const json& kind = field(document, "kind");
    if (kind.is_string() && !document.contains("id"))
      throw FieldError{
          fmt::format("this is a {}: patch -f takes Backends (id and lb)", kind.get<std::string>())};
    if (!document.is_object() || !document.contains("id"))
      throw FieldError{"there is no id: is this a Backend (id and lb)?"};
    only_known(document, "a Backend", {"id", "lb"});
    PolicyChange change = read_id(map_field(document, "id"));
    if (!document.contains("lb")) throw FieldError{fmt::format("the Backend {} has no lb", change.service)};
    auto policy = policy_from_json(document["lb"]);
    if (!policy) throw FieldError{fmt::format("the lb of {}: {}", change.service, policy.error().message)};
    change.policy = std::move(*policy);
    return change;
  });
}

}  // namespace junction::kube
