#include "tools/logs/logs.hpp"

#include <fmt/ostream.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>

#include "junction/documents.hpp"
#include "junction/kube/objects.hpp"
#include "junction/printable.hpp"
#include "junction/try.hpp"
#include "junction/url.hpp"
#include "tools/exit_code.hpp"
#include "tools/fail.hpp"
#include "tools/help/help_page.hpp"
#include "tools/logs/query_counts.hpp"
#include "tools/options/cluster.hpp"
#include "tools/options/duration.hpp"
#include "tools/options/one_of.hpp"
#include "tools/options/target.hpp"
#include "tools/output/door.hpp"

namespace junctionctl::logs {
namespace {

using junction::Error;
using junction::ErrorKind;
using junction::printable;
using junction::Result;
using nlohmann::json;
using nlohmann::ordered_json;
namespace kube = junction::kube;

struct LogsOptions {
  kube::ConfigOptions cluster;
  std::vector<std::string> target;
  std::string container;
  std::int64_t tail = -1;
  std::string since;
  std::string by;
  bool prefix = false;
  bool timestamps = false;
  bool previous = false;
  std::string output = "table";
};

void bind(CLI::App& verb, LogsOptions& options) {
  verb.add_option("TARGET", options.target, "deployment/NAME or pod/NAME")->required()->type_name("");
  verb.add_option("--by", options.by,
                  "Count the values of this query parameter in the access log, pod by pod")
      ->type_name("PARAMETER");
  verb.add_option("-c,--container", options.container,
                  "Container whose log to read (default: the pod's first)")
      ->transform(without_equals)
      ->type_name("NAME");
  verb.add_option("--tail", options.tail, "Lines from the end of each pod's log; -1 is all of it")
      ->type_name("N")
      ->capture_default_str();
  verb.add_option("--since", options.since, "Only what was logged within this time: 5s, 2m, 3h")
      ->type_name("TIME");
  verb.add_flag("--prefix", options.prefix, "Begin each line with its pod and container, also for one pod");
  verb.add_flag("--timestamps", options.timestamps, "Begin each line with its time");
  verb.add_flag("-p,--previous", options.previous, "The log of the container that ran before this one");
  verb.add_option("-o,--output", options.output, "With --by: table, json or yaml")
      ->type_name("FORMAT")
      ->capture_default_str()
      ->transform(without_equals)
      ->check(one_of({"table", "json", "yaml"}));
  add_cluster_options(verb, options.cluster);
}

Result<std::vector<kube::Pod>> pods_of_deployment(kube::Client& client, const std::string& name) {
  const auto object = client.get(kube::deployment_path(client.namespace_(), name));
  if (!object) return object.error();
  const auto deployment = kube::parse_deployment(*object);
  if (!deployment) return deployment.error();
  const auto list =
      client.list(kube::pod_path(client.namespace_()), {.label_selector = deployment->selector.to_string()});
  if (!list) return list.error();
  std::vector<kube::Pod> pods;
  for (const json& item : (*list)["items"]) {
    auto pod = kube::parse_pod(item);
    if (!pod) return std::move(pod).error();
    pods.push_back(std::move(*pod));
  }
  std::sort(pods.begin(), pods.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  if (pods.empty()) return Error{ErrorKind::not_found, fmt::format("deployment/{} has no pods", name)};
  return pods;
}

Result<std::vector<kube::Pod>> pods_of(kube::Client& client, const Target& target) {
  if (target.kind == "deployment") return pods_of_deployment(client, target.name);
  const auto object = client.get(kube::pod_path(client.namespace_(), target.name));
  if (!object) return object.error();
  auto pod = kube::parse_pod(*object);
  if (!pod) return std::move(pod).error();
  return std::vector<kube::Pod>{std::move(*pod)};
}

// The API counts whole seconds, and from one.
Result<std::int64_t> seconds_of(const std::string& since) {
  JUNCTION_TRY_ASSIGN(const auto time, duration_of("--since", since));
  if (time.count() < 0) return junction::usage_error(fmt::format("--since {} is in the future", since));
  return std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(time).count());
}

std::string container_of(const LogsOptions& options, const kube::Pod& pod) {
  if (!options.container.empty()) return options.container;
  return pod.containers.empty() ? std::string() : pod.containers.front();
}

// The part of the path behind the pod's; checked before the first request.
Result<std::string> log_query(const LogsOptions& options) {
  std::string query;
  if (options.tail >= 0) query += fmt::format("&tailLines={}", options.tail);
  if (options.timestamps) query += "&timestamps=true";
  if (options.previous) query += "&previous=true";
  if (!options.since.empty()) {
    const auto seconds = seconds_of(options.since);
    if (!seconds) return seconds.error();
    query += fmt::format("&sinceSeconds={}", *seconds);
  }
  return query;
}

// As the pod wrote them, as kubectl does.
void print_lines(std::string_view log, const std::string& prefix, Io& io) {
  std::ostream& out = verbatim(io.out);
  while (!log.empty()) {
    const std::size_t end = std::min(log.find('\n'), log.size());
    out << prefix << log.substr(0, end) << '\n';
    log.remove_prefix(std::min(end + 1, log.size()));
  }
}

// Most frequent first, as `sort | uniq -c | sort -rn` would have it; equal ones by name.
std::vector<std::pair<std::string, std::uint64_t>> by_count(const QueryCounts& counts) {
  std::vector<std::pair<std::string, std::uint64_t>> sorted(counts.values.begin(), counts.values.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  return sorted;
}

void print_counts(const std::string& pod, const QueryCounts& counts, Io& io) {
  fmt::print(io.out, "{}\n", printable(pod));
  for (const auto& [value, count] : by_count(counts))
    fmt::print(io.out, "{:7} {}\n", count, printable(value));
  if (counts.values.empty()) fmt::print(io.out, "{:>7}\n", "none");
}

ordered_json counts_json(const std::string& pod, const QueryCounts& counts) {
  ordered_json list = ordered_json::array();
  for (const auto& [value, count] : by_count(counts)) list.push_back({{"value", value}, {"count", count}});
  return {{"pod", pod}, {"counts", std::move(list)}, {"other_lines", counts.other}};
}

/// Reads one pod after the other; a pod that fails is reported and does not hide the others.
class LogReader {
 public:
  LogReader(const LogsOptions& options, std::string query, kube::Client& client, Io& io)
      : options_(options), query_(std::move(query)), client_(client), io_(io) {}

  int read(const std::vector<kube::Pod>& pods) {
    prefixed_ = options_.prefix || pods.size() > 1;
    for (const kube::Pod& pod : pods) read(pod);
    if (!options_.by.empty() && options_.output != "table") print_report();
    return code_;
  }

 private:
  void read(const kube::Pod& pod) {
    const std::string container = container_of(options_, pod);
    const auto log =
        client_.get_text(fmt::format("{}/log?container={}{}", kube::pod_path(client_.namespace_(), pod.name),
                                     junction::percent_encode(container), query_));
    if (!log) {
      code_ = fail(io_, log.error());
    } else if (options_.by.empty()) {
      print_lines(*log, prefixed_ ? fmt::format("[pod/{}] ", printable(pod.name + "/" + container)) : "",
                  io_);
    } else {
      const QueryCounts counts = count_queries(*log, options_.by);
      if (options_.output == "table") print_counts(pod.name, counts, io_);
      report_.push_back(counts_json(pod.name, counts));
    }
  }

  void print_report() {
    const ordered_json whole{{"by", options_.by}, {"pods", report_}};
    io_.out << (options_.output == "json" ? whole.dump(2) + "\n" : junction::to_yaml(whole));
  }

  const LogsOptions& options_;
  std::string query_;
  kube::Client& client_;
  Io& io_;
  bool prefixed_ = false;
  ordered_json report_ = ordered_json::array();
  int code_ = exit_done;
};

int run_logs(const LogsOptions& options, Io& io) {
  const auto target = parse_target(options.target, "pod");
  if (!target) return fail(io, target.error());
  if (target->kind != "deployment" && target->kind != "pod")
    return fail(io, {ErrorKind::usage, fmt::format("logs reads deployment/NAME or pod/NAME, not {}/{}",
                                                   target->kind, target->name)});
  if (options.by.empty() && options.output != "table")
    return fail(io,
                {ErrorKind::usage, fmt::format("-o {} is for counts: add --by PARAMETER", options.output)});
  auto query = log_query(options);
  if (!query) return fail(io, query.error());
  auto client = connect(options.cluster, io);
  if (!client) return fail(io, client.error());
  const auto pods = pods_of(*client, *target);
  if (!pods) return fail(io, pods.error());
  return LogReader(options, std::move(*query), *client, io).read(*pods);
}

}  // namespace

void add(CLI::App& app, Run& chosen) {
  const auto options = std::make_shared<LogsOptions>();
  CLI::App* const verb = app.add_subcommand("logs", "Show or count the access logs of a Deployment's pods");
  help::describe(*verb, {.usage = "junctionctl logs deployment/NAME|pod/NAME [OPTIONS]",
                         .examples = "junctionctl logs deployment/shop --tail 30\n"
                                     "# Which queries did each pod see within the last minute?\n"
                                     "junctionctl logs deployment/shop --by query --since 1m"});
  bind(*verb, *options);
  verb->callback([options, &chosen] { chosen = [options](Io& io) { return run_logs(*options, io); }; });
}

}  // namespace junctionctl::logs
