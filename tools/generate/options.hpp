#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "junction/load/plan.hpp"
#include "junction/result.hpp"
#include "tools/generate/client_side_lb.hpp"
#include "tools/options/report.hpp"

namespace junctionctl::generate {

/// The command line of generate, as typed. Times are seconds, or a number with a unit (250us, 50ms, 2m).
struct GenerateOptions {
  std::string url;
  std::string vals = "red,white,rose,pinot noir,france,italy,germany,greece,australia,portugal";
  std::string vals_file;
  bool vals_given = false;

  std::string duration, period, start_at, shard;
  std::string rate, ramp;
  bool max = false, poisson = false;
  std::string burst = "1";
  std::string zipf;
  bool shuffle = false;
  std::string seed = "0";

  std::string method, data;
  bool data_given = false;  // `--data ''` is a body too
  std::vector<std::string> headers;

  int threads = 1, streams = 10;
  std::optional<int> connections;  // none: up to 64, as they are needed
  std::string timeout = "30", timer_slack, engine = "auto";
  bool no_keepalive = false, http2 = false, insecure = false;
  std::string ca_file;
  std::vector<std::string> connect_to;
  std::string proxy;
  bool proxy_given = false;  // `--proxy ''` says that none is used

  bool verbose = false;
  bool progress = false, no_progress = false;

  LbOptions lb;
  ReportOptions report;
};

void add_load_options(CLI::App& verb, GenerateOptions& options);

/// The values to ask for, and how often each (empty: equally).
struct Values {
  std::vector<std::string> names;
  std::vector<double> weights;
};

/// From --vals or --vals-file. Fails with the value's number, or the file's line.
junction::Result<Values> read_values(const GenerateOptions& options);

/// The URL of each value: the value percent-encoded where `{}` stands, or at the end. Fails where one is not
/// a URL, or where they do not all go to one host.
junction::Result<std::vector<junction::Url>> value_urls(const std::string& url,
                                                        const std::vector<std::string>& values);

/// What all that asks for, with the values put into `url`.
junction::Result<junction::load::Plan> load_plan(const GenerateOptions& options, const std::string& url);

}  // namespace junctionctl::generate
