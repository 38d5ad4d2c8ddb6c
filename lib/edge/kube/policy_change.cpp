#include "junction/kube/policy_change.hpp"

#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "core/text/utf8.hpp"
#include "edge/files/field.hpp"
#include "edge/files/json.hpp"
#include "edge/kube/answer.hpp"
#include "edge/kube/managed_fields.hpp"
#include "edge/kube/shown.hpp"
#include "junction/kube/objects.hpp"
#include "junction/policy_json.hpp"
#include "junction/service.hpp"
#include "junction/try.hpp"

namespace junction::kube {
namespace {

using nlohmann::json;

constexpr int max_reads = 6;  // reads of the Service, where others keep changing it in between

const json& annotation(const json& service, std::uint16_t port) {
  return member(member(member(service, "metadata"), "annotations"), Service::policy_annotation(port).c_str());
}

std::string version_of(const json& service) {
  const json& version = member(member(service, "metadata"), "resourceVersion");
  return version.is_string() ? version.get<std::string>() : std::string();
}

json merge_body(const PolicyChange& change, const json& before) {
  json annotations;
  annotations[Service::policy_annotation(change.port)] =
      change.policy ? json(policy_json(*change.policy)) : json(nullptr);
  json metadata{{"annotations", std::move(annotations)}};
  // What is taken away must be what was read. Setting a policy depends on nothing that was read, and stays
  // free of conflicts with those who change other parts of the Service.
  if (!change.policy) metadata["resourceVersion"] = version_of(before);
  return {{"metadata", std::move(metadata)}};
}

ChangeOutcome outcome(json before, json after, const PolicyChange& change, bool stored) {
  const bool changed = stored ? version_of(before) != version_of(after)
                              : annotation(before, change.port) != annotation(after, change.port);
  return {std::move(before), std::move(after), changed};
}

Result<json> send(Client& client, const PolicyChange& change, const ChangeOptions& options,
                  const json& before, const std::string& path) {
  PatchOptions patch{.dry_run = options.dry_run == ChangeOptions::DryRun::server,
                     .field_manager = options.field_manager,
                     .force = options.force_conflicts};
  if (!options.server_side)
    return client.patch(path, PatchType::merge, merge_body(change, before).dump(), patch);
  const auto body = apply_body(before, change, options.field_manager);
  if (!body) return body.error();
  return client.patch(path, PatchType::apply, body->dump(), patch);
}

// Apply takes away only what its own manager applied, and nothing that another owns as well.
Error still_there(const json& service, const PolicyChange& change) {
  const std::string owners = owners_of(service, Service::policy_annotation(change.port));
  return {ErrorKind::owned,
          fmt::format(
              "the policy of {} port {} is still there, as it is owned by {}: server-side apply takes away "
              "only what its own manager applied; remove it without --server-side",
              change.target(), change.port, owners.empty() ? "others" : owners)};
}

// Spaces and the order of members say nothing.
bool same_policy(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const auto one = parse_json(a), other = parse_json(b);
  return one && other && *one == *other;
}

/// Whether the server's answer to a change shows it; a change of which nobody sees anything is no change.
Result<void> check_shown(const json& after, const PolicyChange& change, const ChangeOptions& options,
                         const ObjectName& asked, const std::string& look) {
  if (const auto same = check_object(after, asked); !same) return not_shown(same.error().message, look);
  const std::string key = Service::policy_annotation(change.port);
  const json& found = annotation(after, change.port);
  if (!change.policy) {
    if (found.is_null()) return {};
    if (options.server_side) return still_there(after, change);
    return not_shown(
        fmt::format("its answer still has the annotation {}: an admission webhook may have put it back", key),
        look);
  }
  if (found.is_null())
    return not_shown(fmt::format("its answer does not hold the annotation {}: an admission webhook may have "
                                 "taken it away",
                                 key),
                     look);
  if (found.is_string() && same_policy(found.get<std::string>(), policy_json(*change.policy))) return {};
  return not_shown(
      fmt::format("its answer has another annotation {}, {}: an admission webhook may have changed it", key,
                  shortened(found.dump(-1, ' ', false, json::error_handler_t::replace), 160)),
      look);
}

// Those who lost against each other should not meet again at once.
void give_way(int attempt) {
  const unsigned most = 10U << attempt;
  std::this_thread::sleep_for(std::chrono::milliseconds(most / 2 + std::random_device()() % (most / 2)));
}

}  // namespace

Result<void> check_change(const json& object, const PolicyChange& change) {
  const auto service = parse_service(object);
  if (!service) return service.error();
  // A policy that cannot take effect does no good, but taking one away that was left over does.
  const bool leftover = !change.policy && !annotation(object, change.port).is_null();
  if (leftover) return {};
  if (service->type != "ClusterIP" && service->type != "ExternalName")
    return Error{
        ErrorKind::unsupported,
        fmt::format("{} is of type {}, which Junction does not understand: only ClusterIP and ExternalName "
                    "Services can have a policy",
                    change.target(), service->type)};
  if (!service->find_port(change.port))
    return Error{ErrorKind::not_found, fmt::format("{} has no port {}: its ports are {}", change.target(),
                                                   change.port, ports_in_words(*service))};
  return {};
}

json changed_locally(json service, const PolicyChange& change) {
  service.merge_patch(
      {{"metadata", {{"annotations", merge_body(change, service)["metadata"]["annotations"]}}}});
  return service;
}

nlohmann::ordered_json patch_document(const PolicyChange& change) {
  nlohmann::ordered_json annotations;
  annotations[Service::policy_annotation(change.port)] =
      change.policy ? nlohmann::ordered_json(policy_json(*change.policy)) : nlohmann::ordered_json(nullptr);
  return {{"apiVersion", "v1"},
          {"kind", "Service"},
          {"metadata",
           {{"name", change.service}, {"namespace", change.namespace_}, {"annotations", annotations}}}};
}

Result<ChangeOutcome> apply_change(Client& client, const PolicyChange& change, const ChangeOptions& options,
                                   const json* known) {
  const std::string namespace_ = change.namespace_.empty() ? client.namespace_() : change.namespace_;
  const std::string path = service_path(namespace_, change.service);
  const ObjectName asked{"Service", namespace_, change.service};
  const bool stores = options.dry_run == DryRun::none;
  for (int attempt = 1;; ++attempt) {
    JUNCTION_TRY_ASSIGN(json before, known && attempt == 1 ? Result<json>(*known) : client.get(path));
    JUNCTION_TRY(check_object(before, asked));
    JUNCTION_TRY(check_change(before, change));
    const bool nothing_to_remove = !change.policy && annotation(before, change.port).is_null();
    if (nothing_to_remove) return ChangeOutcome{before, before, false};
    if (options.dry_run == DryRun::client)
      return outcome(before, changed_locally(before, change), change, false);
    auto after = send(client, change, options, before, path);
    if (after) {
      const std::string look = stores ? look_command(client.config(), path) : "";
      JUNCTION_TRY(check_shown(*after, change, options, asked, look));
      return outcome(std::move(before), std::move(*after), change, stores);
    }
    if (after.error().kind != ErrorKind::conflict || attempt == max_reads) return std::move(after).error();
    give_way(attempt);
  }
}

}  // namespace junction::kube
