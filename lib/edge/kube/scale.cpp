#include "junction/kube/scale.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "edge/files/field.hpp"
#include "edge/kube/answer.hpp"
#include "edge/kube/shown.hpp"
#include "junction/try.hpp"

namespace junction::kube {
namespace {

using nlohmann::json;

// The API leaves a 0 out.
json replicas_of(const json& scale) {
  const json& replicas = member(member(scale, "spec"), "replicas");
  return replicas.is_null() ? json(0) : replicas;
}

std::string shown(const json& replicas) {
  return replicas.dump(-1, ' ', false, json::error_handler_t::replace).substr(0, 40);
}

Result<void> check_current(const json& scale, std::int64_t wanted) {
  const json now = replicas_of(scale);
  if (now == wanted) return {};
  return Error{ErrorKind::conflict,
               fmt::format("Expected replicas to be {}, was {}: --current-replicas does not hold", wanted,
                           shown(now))};
}

}  // namespace

Result<json> scale(Client& client, const ScaleChange& change, DryRun dry_run) {
  const std::string namespace_ = change.namespace_.empty() ? client.namespace_() : change.namespace_;
  const std::string path = scale_path(namespace_, change.kind, change.name);
  const ObjectName asked{"Scale", namespace_, change.name};
  json body{{"spec", {{"replicas", change.replicas}}}};
  if (change.current_replicas || dry_run == DryRun::client) {
    JUNCTION_TRY_ASSIGN(json now, client.get(path));
    JUNCTION_TRY(check_object(now, asked));
    if (change.current_replicas) JUNCTION_TRY(check_current(now, *change.current_replicas));
    if (dry_run == DryRun::client) {
      now.merge_patch(body);
      return now;
    }
    const json& version = member(member(now, "metadata"), "resourceVersion");
    if (!version.is_string())
      return not_shown("its Scale has no resourceVersion that --current-replicas could rely on", "");
    body["metadata"]["resourceVersion"] = version;
  }
  JUNCTION_TRY_ASSIGN(
      json after, client.patch(path, PatchType::merge, body.dump(), {.dry_run = dry_run == DryRun::server}));
  const std::string look = dry_run == DryRun::none ? look_command(client.config(), path) : "";
  if (const auto same = check_object(after, asked); !same) return not_shown(same.error().message, look);
  if (const json now = replicas_of(after); now != change.replicas)
    return not_shown(
        fmt::format("its answer has {} replicas, not {}: an admission webhook may have changed it",
                    shown(now), change.replicas),
        look);
  return after;
}

}  // namespace junction::kube
