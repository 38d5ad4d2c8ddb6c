#include "edge/sandbox/scale.hpp"

#include <fmt/format.h>

#include "edge/sandbox/api.hpp"
#include "edge/sandbox/managed_fields.hpp"
#include "edge/sandbox/next_object.hpp"
#include "edge/sandbox/representation.hpp"
#include "edge/sandbox/rules.hpp"
#include "junction/try.hpp"

namespace junction::sandbox {

using nlohmann::json;

json scale_of(const json& deployment) {
  json metadata = json::object();
  for (const char* const field : {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"})
    metadata[field] = deployment["metadata"][field];
  std::string selector;
  for (const auto& [key, value] : deployment["spec"]["selector"]["matchLabels"].items())
    selector += fmt::format("{}{}={}", selector.empty() ? "" : ",", key, value.get<std::string>());
  json spec = json::object();
  if (const auto replicas = deployment["spec"].value("replicas", 1); replicas != 0)
    spec["replicas"] = replicas;
  return {{"kind", "Scale"},
          {"apiVersion", "autoscaling/v1"},
          {"metadata", std::move(metadata)},
          {"spec", std::move(spec)},
          {"status", {{"replicas", deployment["status"].value("replicas", 0)}, {"selector", selector}}}};
}

namespace {

/// How many replicas a request to /scale leads to.
Result<std::int64_t, Status> wanted_replicas(const Writing& writing, const ResourcePath& target,
                                             const json& current, std::int64_t max_replicas) {
  const PatchKind kind = writing.applies() ? PatchKind::merge : writing.kind;
  JUNCTION_TRY_ASSIGN(json scale,
                      writing.put ? writing.body : apply_patch(kind, scale_of(current), writing.body));
  if (!scale.value("metadata", json()).is_object()) scale["metadata"] = json::object();
  JUNCTION_TRY(check_version(target, current, scale));
  const json replicas = scale.value("/spec/replicas"_json_pointer, json());
  if (!replicas.is_number_integer() && !replicas.is_null())
    return wrong_types(
        scale, "json: cannot unmarshal string into Go struct field ScaleSpec.spec.replicas of type int32");
  const std::int64_t count = replicas.is_null() ? 0 : replicas.get<std::int64_t>();
  if (const auto causes = check_replicas(count, max_replicas); !causes.empty())
    return invalid("autoscaling", "Scale", target.name, causes);
  return count;
}

}  // namespace

Result<ApiReply, Status> Api::write_scale(const ApiRequest& request, const ResourcePath& target) {
  JUNCTION_TRY_ASSIGN(const Writing writing, parse_writing(request));

  const FieldManager manager{writing.manager, writing.applies(), "autoscaling/v1", "scale"};
  const ObjectStore::Edit edit = [&](const Object& current) -> Result<json, Status> {
    if (!current) return not_found(target.type->group, target.type->plural, target.name);
    JUNCTION_TRY_ASSIGN(const std::int64_t wanted,
                        wanted_replicas(writing, target, *current, options_.max_replicas));
    const json replicas{{"spec", {{"replicas", wanted}}}};
    json next = *current;
    next.merge_patch(replicas);
    if (writing.applies()) {
      JUNCTION_TRY_ASSIGN(json applied, server_side_apply(*current, replicas, manager, writing.force));
      next = std::move(applied);
    } else {
      record_update(*current, next, manager);
    }
    if (next["spec"] != current->at("spec"))
      next["metadata"]["generation"] = next["metadata"].value("generation", 1) + 1;
    return next;
  };
  JUNCTION_TRY_ASSIGN(const Object stored,
                      writing.dry_run ? dry_run(target.key(), edit) : store_.update(target.key(), edit));
  return render(request, scale_of(*stored));
}

}  // namespace junction::sandbox
