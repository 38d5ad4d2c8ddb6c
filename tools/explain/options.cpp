#include "tools/explain/options.hpp"

#include <CLI/CLI.hpp>
#include <utility>

#include "tools/options/cluster.hpp"
#include "tools/options/color.hpp"
#include "tools/options/one_of.hpp"

namespace junctionctl::explain {
namespace {

using junction::Severity;

// One value a time, and again for each time the option is there: CLI11's own vectors would swallow
// positionals.
CLI::Option* add_repeated(CLI::App& command, const char* name, std::vector<std::string>& to,
                          const char* help) {
  return command.add_option(name, to, help)->allow_extra_args(false)->take_all();
}

/// A word of a list, kept as what it stands for.
template <typename T>
CLI::Option* add_choice(CLI::App& command, const char* name, T& to,
                        std::vector<std::pair<std::string, T>> choices, const char* help) {
  std::vector<std::string> words;
  for (const auto& [word, value] : choices) words.push_back(word);
  const auto set = [&to, choices = std::move(choices)](const std::string& text) {
    for (const auto& [word, value] : choices)
      if (word == text) to = value;
  };
  return command.add_option_function<std::string>(name, set, help)
      ->transform(without_equals)
      ->check(one_of(std::move(words)));
}

void bind_sources(CLI::App& command, Options& options) {
  command.option_defaults()->group("Where endpoints and policy come from");
  command.add_option("TARGET", options.targets, "A Service (NAME, service/NAME), URLs")->type_name("");
  add_repeated(command, "-f,--filename", options.files,
               "Manifests with the Service, EndpointSlices, HTTPRoutes")
      ->type_name("FILE");
  command
      .add_option("--endpoints", options.endpoints, "Endpoints: ADDRESS,... or @FILE (a JSON object a line)")
      ->type_name("LIST");
  command.add_option("--port", options.port, "Port of the Service (default: the only one)");
  command.add_option("--ndots", options.ndots,
                     "Hosts with fewer dots are looked up with search suffixes too (default 5)");
  add_repeated(command, "--search", options.search, "DNS search suffix; repeats (default: a Pod's)");
}

void bind_policy(CLI::App& command, Options& options) {
  command.option_defaults()->group("Another policy, another client's ring");
  command.add_option("--lb", options.policy.lb,
                     "Policy instead of the Service's: RingHash, RoundRobin, JSON or @FILE");
  command.add_option("--min-ring-size", options.policy.min_ring_size, "Entries the ring has at least");
  command.add_option("--max-ring-size", options.max_ring_size, "Entries the ring has at most (envoy, grpc)");
  command.add_option("--table-size", options.table_size, "Slots of the table, a prime (maglev)");
  add_choice<bool>(command, "--hash-function", options.murmur, {{"XX_HASH", false}, {"MURMUR_HASH_2", true}},
                   "Of the ring's entries: XX_HASH or MURMUR_HASH_2 (envoy)")
      ->type_name("NAME");
  command.add_flag("--use-hostname-for-hashing", options.use_hostname,
                   "Entries from host names (envoy, maglev)");
  add_hash_option(command, "--hash-query", "Hash a query parameter; NAME,terminal ends there if it is set");
  add_hash_option(command, "--hash-header", "Hash a header; NAME,terminal likewise");
  add_hash_option(command, "--hash-cookie", "Hash a cookie (envoy)");
  command.add_flag_function(
      "--hash-source-ip", [](std::int64_t) {}, "Hash the client's address (envoy)");
}

void bind_requests(CLI::App& command, Options& options) {
  command.option_defaults()->group("What to explain");
  add_repeated(command, "--query", options.queries, "A value of the policy's first query parameter; repeats");
  add_repeated(command, "--hash", options.hashes, "A request's hash in hex; repeats");
  add_repeated(command, "--requests", options.requests,
               "Requests, a line each: URL, value or JSON; - is standard input")
      ->type_name("FILE");
  add_repeated(command, "-H,--header", options.headers, "Header of every request, 'name: value'; repeats");
  command.add_option("--method", options.method, "Method of every request (default GET)");
  command.add_option("--source-ip", options.source_ip, "The client's address, for --hash-source-ip");
}

void bind_output(CLI::App& command, Options& options) {
  command.option_defaults()->group("What to show");
  add_choice<Output>(
      command, "-o,--output", options.output,
      {{"table", Output::table}, {"wide", Output::wide}, {"json", Output::json}, {"yaml", Output::yaml}},
      "table, wide, json or yaml (default table)")
      ->type_name("FORMAT");
  command.add_option("--impl", options.impl,
                     "Whose client: junction, envoy, grpc, maglev, ... or all (default junction)");
  command.add_flag("--why", options.why, "Show every step from the request to its endpoint");
  command.add_flag("--check", options.check, "Exit with 3 where a lint is found (see --severity)");
  add_choice<Severity>(command, "--severity", options.severity,
                       {{"info", Severity::info}, {"warning", Severity::warning}, {"error", Severity::error}},
                       "Least severity that --check minds: info, warning or error (default warning)")
      ->type_name("LEVEL");
  command.add_option("--report", options.report_file, "Write a page with the ring, shares and lints here")
      ->type_name("FILE");
  command.add_flag("--plot", options.plot, "Draw the shares as bars");
  command.add_flag("--no-progress", options.no_progress, "No progress bar on a terminal");
  add_color_option(command, options.color);
  command.add_flag("--summary", options.summary, "Totals only, no line for each request");
}

// What stands for a value in --help.
void name_types(CLI::App& command) {
  static constexpr std::pair<const char*, const char*> types[] = {
      {"--port", "N"},          {"--ndots", "N"},         {"--search", "SUFFIX"}, {"--lb", "POLICY"},
      {"--min-ring-size", "N"}, {"--max-ring-size", "N"}, {"--table-size", "N"},  {"--query", "VALUE"},
      {"--hash", "HEX"},        {"--header", "HEADER"},   {"--method", "METHOD"}, {"--source-ip", "ADDRESS"},
      {"--impl", "NAME"},
  };
  for (const auto& [name, type] : types) command.get_option(name)->type_name(type);
}

}  // namespace

void bind_options(CLI::App& command, Options& options) {
  bind_sources(command, options);
  bind_policy(command, options);
  bind_requests(command, options);
  bind_output(command, options);
  command.option_defaults()->group("Options");
  name_types(command);
}

}  // namespace junctionctl::explain
