#include "tools/scale/scale.hpp"

#include <fmt/ostream.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>

#include "junction/documents.hpp"
#include "junction/kube/scale.hpp"
#include "tools/exit_code.hpp"
#include "tools/fail.hpp"
#include "tools/help/help_page.hpp"
#include "tools/options/cluster.hpp"
#include "tools/options/one_of.hpp"
#include "tools/options/target.hpp"

namespace junctionctl::scale {
namespace {

using junction::Error;
using junction::ErrorKind;
using junction::Result;
using nlohmann::json;
namespace kube = junction::kube;

struct ScaleOptions {
  kube::ConfigOptions cluster;
  std::vector<std::string> targets;
  std::int64_t replicas = -1;
  std::optional<std::int64_t> current_replicas;
  std::string dry_run = "none";
  std::string output;
};

void bind(CLI::App& verb, ScaleOptions& options) {
  verb.add_option("TARGET", options.targets, "deployment/NAME, statefulset/NAME or replicaset/NAME; repeats")
      ->required()
      ->type_name("");
  verb.add_option("--replicas", options.replicas, "The number of replicas wanted, 0 or more")
      ->required()
      ->type_name("N");
  verb.add_option("--current-replicas", options.current_replicas, "Scale only if there are this many now")
      ->type_name("N");
  verb.add_option("--dry-run", options.dry_run, "none, client (send nothing) or server (store nothing)")
      ->type_name("WHERE")
      ->capture_default_str()
      ->check(one_of({"none", "client", "server"}));
  verb.add_option("-o,--output", options.output, "name, json or yaml")
      ->type_name("FORMAT")
      ->transform(without_equals)
      ->check(one_of({"name", "json", "yaml"}));
  add_cluster_options(verb, options.cluster);
}

kube::DryRun dry_run_of(const ScaleOptions& options) {
  return options.dry_run == "client"   ? kube::DryRun::client
         : options.dry_run == "server" ? kube::DryRun::server
                                       : kube::DryRun::none;
}

Result<json> scale_one(kube::Client& client, const ScaleOptions& options, const Target& target) {
  const kube::ScaleChange change{.namespace_ = {},
                                 .kind = target.kind,
                                 .name = target.name,
                                 .replicas = static_cast<std::int32_t>(options.replicas),
                                 .current_replicas = options.current_replicas};
  return kube::scale(client, change, dry_run_of(options));
}

void print_scaled(const ScaleOptions& options, const Target& target, const json& scale, Io& io) {
  const char* const dry = options.dry_run == "none"     ? ""
                          : options.dry_run == "server" ? " (server dry run)"
                                                        : " (dry run)";
  if (options.output.empty())
    fmt::print(io.out, "{}.apps/{} scaled{}\n", target.kind, target.name, dry);
  else if (options.output == "name")
    fmt::print(io.out, "{}.apps/{}\n", target.kind, target.name);
  else
    io.out << (options.output == "json" ? scale.dump(4) + "\n" : junction::to_yaml(scale));
}

int run_scale(const ScaleOptions& options, Io& io) {
  if (options.replicas < 0 || options.replicas > 2147483647)
    return fail(io,
                {ErrorKind::usage, fmt::format("--replicas {} is not a count: 0 or more", options.replicas)});
  const auto targets = parse_targets(options.targets, "deployment");
  if (!targets) return fail(io, targets.error());
  for (const Target& target : *targets)
    if (target.kind == "service" || target.kind == "pod")
      return fail(io, {ErrorKind::usage,
                       fmt::format("a {} has no replicas to scale: write deployment/NAME", target.kind)});
  auto client = connect(options.cluster, io);
  if (!client) return fail(io, client.error());
  int code = exit_done;
  for (const Target& target : *targets) {
    const auto scaled = scale_one(*client, options, target);
    if (scaled)
      print_scaled(options, target, *scaled, io);
    else
      code = fail(io, scaled.error());
  }
  return code;
}

}  // namespace

void add(CLI::App& app, Run& chosen) {
  const auto options = std::make_shared<ScaleOptions>();
  CLI::App* const verb = app.add_subcommand("scale", "Set the number of replicas of a Deployment");
  help::describe(*verb, {.usage = "junctionctl scale --replicas N deployment/NAME... [OPTIONS]",
                         .examples = "junctionctl scale --replicas 4 deployment/shop\n"
                                     "# Only if nobody else has scaled it in between\n"
                                     "junctionctl scale --replicas 4 --current-replicas 3 deployment/shop"});
  bind(*verb, *options);
  verb->callback([options, &chosen] { chosen = [options](Io& io) { return run_scale(*options, io); }; });
}

}  // namespace junctionctl::scale
