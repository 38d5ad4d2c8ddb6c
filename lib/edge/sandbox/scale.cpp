#include "edge/sandbox/scale.hpp"

#include <fmt/format.h>

#include "edge/sandbox/api.hpp"
#include "edge/sandbox/fields.hpp"
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
    metadata[field] = look(deployment, "metadata", field);
  std::string selector;
  for (const auto& [key, value] : map_or_none(look(deployment, "spec", "selector", "matchLabels")).items())
    selector += fmt::format("{}{}={}", selector.empty() ? "" : ",", key, text_or(value));
  json spec = json::object();
  if (const auto replicas = whole_or(look(deployment, "spec", "replicas"), 1); replicas != 0)
    spec["replicas"] = replicas;
  return {{"kind", "Scale"},
          {"apiVersion", "autoscaling/v1"},
          {"metadata", std::move(metadata)},
          {"spec", std::move(spec)},
          {"status",
           {{"replicas", whole_or(look(deployment, "status", "replicas"), 0)}, {"selector", selector}}}};
}

namespace {

/// How many replicas a request to /scale leads to.
Result<std::int64_t, Status> wanted_replicas(const Writing& writing, const ResourcePath& target,
                                             const json& current, std::int64_t max_replicas) {
  json scale = writing.body;
  if (!writing.put) {
    const PatchKind kind = writing.applies() ? PatchKind::merge : writing.kind;
    JUNCTION_TRY_ASSIGN(scale, apply_patch(kind, scale_of(current), writing.body));
  }
  JUNCTION_TRY_ASSIGN(scale, decode_written(writing, std::move(scale), "Scale"));
  if (!scale.contains("metadata")) scale["metadata"] = json::object();
  JUNCTION_TRY(check_version(target, current, scale));
  const std::int64_t count = whole_or(look(scale, "spec", "replicas"), 0);
  Causes causes;
  check_replicas(causes, count, max_replicas);
  if (!causes.all().empty()) return invalid("autoscaling", "Scale", target.name, causes.all());
  return count;
}

/// `current` with `count` replicas, and with their manager told.
Result<json, Status> scaled(const Writing& writing, const json& current, std::int64_t count) {
  const FieldManager manager{writing.manager, writing.applies(), "autoscaling/v1", "scale"};
  const json replicas{{"spec", {{"replicas", count}}}};
  json next = current;
  if (writing.applies()) {
    JUNCTION_TRY_ASSIGN(next, server_side_apply(current, replicas, manager, writing.force));
  } else {
    next.merge_patch(replicas);
    record_update(current, next, manager);
  }
  if (next["spec"] != look(current, "spec"))
    next["metadata"]["generation"] = whole_or(look(current, "metadata", "generation"), 1) + 1;
  return next;
}

}  // namespace

Result<ApiReply, Status> Api::write_scale(const ApiRequest& request, const ResourcePath& target) {
  JUNCTION_TRY_ASSIGN(const Writing writing, parse_writing(request, "Scale"));
  const ObjectStore::Edit edit = [&](const Object& current) -> Result<json, Status> {
    if (!current) return not_found(target.type->group, target.type->plural, target.name);
    JUNCTION_TRY_ASSIGN(const std::int64_t wanted,
                        wanted_replicas(writing, target, *current, options_.max_replicas));
    return scaled(writing, *current, wanted);
  };
  JUNCTION_TRY_ASSIGN(const Object stored, change(writing, target.key(), edit));
  return render(request, scale_of(*stored));
}

}  // namespace junction::sandbox
