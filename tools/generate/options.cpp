#include "tools/generate/options.hpp"

#include <utility>

#include "tools/options/not_empty.hpp"
#include "tools/options/one_of.hpp"

namespace junctionctl::generate {
namespace {

// What stands for a value in --help, which knows TEXT and INT by itself.
void name_types(CLI::App& verb) {
  constexpr std::pair<const char*, const char*> types[] = {
      {"--url", "URL"},         {"--vals", "LIST"},       {"--vals-file", "FILE"},
      {"--zipf", "S"},          {"--seed", "N"},          {"--method", "METHOD"},
      {"--header", "HEADER"},   {"--data", "TEXT"},       {"--duration", "TIME"},
      {"--period", "TIME"},     {"--rate", "R"},          {"--ramp", "A:B"},
      {"--burst", "N"},         {"--start-at", "TIME"},   {"--shard", "I/N"},
      {"--threads", "N"},       {"--connections", "N"},   {"--timeout", "TIME"},
      {"--streams", "N"},       {"--connect-to", "RULE"}, {"--timer-slack", "TIME"},
      {"--proxy", "PROXY"},     {"--cacert", "FILE"},     {"--lb", "SERVICE"},
      {"--endpoints", "LIST"},  {"--hash-query", "NAME"}, {"--hash-header", "NAME"},
      {"--min-ring-size", "N"},
  };
  for (const auto& [name, type] : types) verb.get_option(name)->type_name(type);
}

}  // namespace
void add_load_options(CLI::App& verb, GenerateOptions& o) {
  const char* group = "What to ask";
  verb.add_option("--url", o.url,
                  "A value replaces {} in it, or is appended (default "
                  "http://localhost:8011/wines/recommendations?query=)")
      ->group(group);
  verb.add_option("--vals", o.vals, "Values to ask for, separated by commas")
      ->capture_default_str()
      ->group(group);
  verb.add_option(
          "--vals-file", o.vals_file,
          "Values from a file, a line each; a tab and a number give one a weight; - is standard input")
      ->group(group);
  verb.add_option("--zipf", o.zipf, "Choose values by Zipf's law with this exponent, the first most often")
      ->group(group);
  verb.add_flag("--shuffle", o.shuffle, "Each pass over the values in another order")->group(group);
  verb.add_option("--seed", o.seed, "Of all that is random: the same seed sends the same requests")
      ->capture_default_str()
      ->group(group);
  verb.add_option("--method", o.method, "HTTP method (default GET, with --data POST)")->group(group);
  verb.add_option("--header,-H", o.headers, "A header, 'Name: value'; repeats")
      ->allow_extra_args(false)
      ->group(group);
  verb.add_option("--data", o.data, "Body of each request, or @FILE")->group(group);

  group = "When";
  verb.add_option("--duration", o.duration,
                  "How long, in seconds or with a unit as in 2m (default: until interrupted)")
      ->group(group);
  verb.add_option("--period", o.period,
                  "Ask for every value once per period, in seconds or with a unit (default 1)")
      ->group(group);
  verb.add_option("--rate", o.rate, "Requests per second, over all values")->group(group);
  verb.add_option("--ramp", o.ramp, "A:B, from A to B requests per second over the duration")->group(group);
  verb.add_flag("--poisson", o.poisson, "With --rate: independent arrivals instead of even ones")
      ->group(group);
  verb.add_option("--burst", o.burst, "With --rate: so many requests at the same instant")
      ->capture_default_str()
      ->group(group);
  verb.add_flag("--max", o.max, "Closed loop: every connection asks again as soon as it has an answer")
      ->group(group);
  verb.add_option("--start-at", o.start_at, "Start at this time: RFC 3339, or seconds since 1970")
      ->group(group);
  verb.add_option("--shard", o.shard, "i/n: this machine's part of a run that n machines share")
      ->group(group);
  verb.add_option("--timer-slack", o.timer_slack,
                  "Let requests start this much late, together: saves CPU time")
      ->group(group);

  group = "How";
  verb.add_option("--threads", o.threads, "Sending threads")->capture_default_str()->group(group);
  verb.add_option("--connections", o.connections,
                  "Connections, all opened before the start (default: up to 64, as needed)")
      ->group(group);
  verb.add_option("--timeout", o.timeout, "Give a request up this long after it was due")
      ->capture_default_str()
      ->group(group);
  verb.add_flag("--no-keepalive", o.no_keepalive, "A new connection for each request")->group(group);
  CLI::Option* const http2 =
      verb.add_flag("--http2", o.http2, "HTTP/2; on http:// without asking the server first")->group(group);
  verb.add_option("--streams", o.streams, "HTTP/2: requests under way per connection")
      ->capture_default_str()
      ->needs(http2)
      ->group(group);
  verb.add_option("--connect-to", o.connect_to,
                  "HOST1:PORT1:HOST2:PORT2: connect to the second for the first; repeats")
      ->allow_extra_args(false)
      ->group(group);
  verb.add_option(
          "--proxy", o.proxy,
          "Through this HTTP proxy, [user:password@]host:port; '' is none (default: the environment's)")
      ->group(group);
  verb.add_flag("--insecure,-k", o.insecure, "Do not verify the server's certificate")->group(group);
  verb.add_option("--cacert", o.ca_file, "CA certificates to trust (PEM)")->group(group);
  verb.add_option("--engine", o.engine, "auto, epoll or io_uring")
      ->type_name("NAME")
      ->check(one_of({"auto", "epoll", "io_uring"}))
      ->capture_default_str()
      ->group(group);

  add_report_options(verb, o.report);

  add_lb_options(verb, o.lb);

  group = "What to show while it runs";
  verb.add_flag("--verbose", o.verbose, "A line when a request starts, and one when it returns")
      ->group(group);
  CLI::Option* const progress =
      verb.add_flag("--progress", o.progress,
                    "A line of progress each second, also where stderr is no terminal")
          ->group(group);
  verb.add_flag("--no-progress", o.no_progress, "No live line on a terminal")
      ->excludes(progress)
      ->group(group);

  name_types(verb);
  for (const char* const name :
       {"--url", "--vals-file", "--zipf", "--seed", "--method", "--duration", "--period", "--rate", "--ramp",
        "--burst", "--start-at", "--shard", "--timer-slack", "--timeout", "--connect-to", "--cacert", "--lb"})
    verb.get_option(name)->check(not_empty());
  // Without it there is either a service, which has its own policy, or no balancing at all.
  for (const char* const name : {"--hash-query", "--hash-header", "--min-ring-size"})
    verb.get_option(name)->needs("--endpoints");
}

}  // namespace junctionctl::generate
