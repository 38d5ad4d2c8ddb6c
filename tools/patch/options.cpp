#include "tools/patch/options.hpp"

#include <fmt/format.h>

#include "junction/try.hpp"
#include "tools/options/cluster.hpp"
#include "tools/options/color.hpp"
#include "tools/options/one_of.hpp"
#include "tools/options/target.hpp"

namespace junctionctl::patch {
namespace {

using junction::Result;
using junction::usage_error;
namespace kube = junction::kube;

void bind_policy(CLI::App& verb, PatchOptions& options) {
  const char* const group = "Policy";
  verb.add_option("--port", options.port, "The Service's port that the policy is for (required without -f)")
      ->type_name("N")
      ->group(group);
  verb.add_option(
          "--lb", options.policy.lb,
          "RingHash, RoundRobin or Unspecified; or the whole policy as JSON, or @FILE with it (this or "
          "--remove is required without -f)")
      ->type_name("POLICY")
      ->group(group);
  verb.add_option("--min-ring-size", options.policy.min_ring_size,
                  "Entries on the ring, at least (RingHash; default 1024)")
      ->type_name("N")
      ->group(group);
  add_hash_option(verb, "--hash-query", "Hash the query parameter NAME; repeats, in order")->group(group);
  add_hash_option(verb, "--hash-header", "Hash the header NAME; repeats, in order")->group(group);
  verb.add_flag("--remove", options.remove, "Take the policy away")->group(group);
}

}  // namespace

void bind_patch_options(CLI::App& verb, PatchOptions& options) {
  verb.add_option("SERVICE", options.target, "NAME, service/NAME or svc/NAME")->type_name("");
  bind_policy(verb, options);
  verb.add_option("-f,--filename", options.files,
                  "Backends (id and lb), YAML or JSON, several documents; - is standard input; repeats")
      ->transform(without_equals)
      ->take_all()
      ->allow_extra_args(false)
      ->type_name("FILE");
  verb.add_option("--dry-run", options.dry_run, "none, client (send nothing) or server (store nothing)")
      ->type_name("WHERE")
      ->capture_default_str()
      ->check(one_of({"none", "client", "server"}));
  verb.add_flag("--server-side", options.server_side, "Server-side apply in place of a merge patch");
  verb.add_flag("--force-conflicts", options.force_conflicts,
                "Take the annotation over from other field managers");
  verb.add_option("--field-manager", options.field_manager, "Name that owns the change")
      ->type_name("NAME")
      ->capture_default_str();
  verb.add_flag("--local", options.local, "Patch the Service manifest in -f, send nothing, print the result");
  verb.add_flag("--diff", options.diff, "Show what changes in the policy, as a unified diff");
  verb.add_option("-o,--output", options.output, "name, json or yaml")
      ->type_name("FORMAT")
      ->transform(without_equals)
      ->check(one_of({"name", "json", "yaml"}));
  add_color_option(verb, options.color);
  add_cluster_options(verb, options.cluster);
}

Result<void> check_patch_options(const PatchOptions& options) {
  const bool policy = options.policy.any();
  if (options.files.empty() && options.target.empty())
    return usage_error("name the Service, service/NAME, or pass -f FILE");
  if (!options.files.empty() && !options.local &&
      (!options.target.empty() || policy || options.remove || options.port))
    return usage_error(
        "-f says everything about the change: leave the Service and the policy flags out, or -f");
  if (options.local && options.files.empty())
    return usage_error("--local needs the Service's manifest: -f FILE");
  if (options.force_conflicts && !options.server_side)
    return usage_error("--force-conflicts needs --server-side");
  if (options.local && options.server_side)
    return usage_error("--local sends nothing, so --server-side makes no sense");
  if (options.field_manager.empty() || options.field_manager.size() > 128)
    return usage_error("--field-manager takes a name of 1 to 128 characters");
  if (!options.files.empty() && !options.local) return {};
  if (!options.port) return usage_error("--port is missing: which of the Service's ports is the policy for?");
  if (*options.port < 1 || *options.port > 65535)
    return usage_error(fmt::format("--port {} is not a port: 1 to 65535", *options.port));
  if (options.remove && policy)
    return usage_error("--remove takes the policy away: leave --lb and its like out");
  if (!options.remove && !options.policy.lb)
    return usage_error("--lb is missing: RingHash, RoundRobin or Unspecified (or --remove)");
  return {};
}

Result<kube::PolicyChange> change_of(const PatchOptions& options) {
  kube::PolicyChange change;
  change.namespace_ = options.cluster.namespace_;
  if (!options.target.empty()) {
    JUNCTION_TRY_ASSIGN(auto target, parse_target(options.target, "service"));
    if (target.kind != "service")
      return usage_error(
          fmt::format("a policy belongs to a Service, not to a {}: write service/NAME", target.kind));
    change.service = std::move(target.name);
  }
  change.port = static_cast<std::uint16_t>(*options.port);
  if (options.remove) return change;
  JUNCTION_TRY_ASSIGN(change.policy, policy_of_flags(options.policy));
  return change;
}

kube::ChangeOptions change_options(const PatchOptions& options) {
  using DryRun = kube::ChangeOptions::DryRun;
  return {.dry_run = options.dry_run == "none"     ? DryRun::none
                     : options.dry_run == "client" ? DryRun::client
                                                   : DryRun::server,
          .server_side = options.server_side,
          .force_conflicts = options.force_conflicts,
          .field_manager = options.field_manager};
}

}  // namespace junctionctl::patch
