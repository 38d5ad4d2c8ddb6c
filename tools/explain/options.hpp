#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "junction/lint.hpp"
#include "tools/options/policy.hpp"

namespace CLI {
class App;
}

namespace junctionctl::explain {

enum class Output : std::uint8_t { table, wide, json, yaml };

/// The command line of explain, as typed; only what CLI11 can check has been checked.
struct Options {
  // where endpoints and policy come from
  std::vector<std::string> targets;
  std::vector<std::string> files;
  std::optional<std::string> endpoints;
  std::optional<std::uint16_t> port;
  PolicyFlags policy;
  std::uint64_t max_ring_size = 8388608;
  std::uint64_t table_size = 65537;
  bool murmur = false;        ///< Envoy's hash_function MURMUR_HASH_2
  bool use_hostname = false;  ///< Envoy's use_hostname_for_hashing
  std::optional<std::uint32_t> ndots;
  std::vector<std::string> search;

  // what to explain
  std::vector<std::string> queries;
  std::vector<std::string> hashes;
  std::vector<std::string> requests;
  std::vector<std::string> headers;
  std::string method = "GET";
  std::string source_ip;

  // how
  std::string impl = "junction";
  bool why = false;
  bool summary = false;
  bool check = false;  ///< exit 3 where a lint is at or above `severity`
  junction::Severity severity = junction::Severity::warning;
  std::string report_file;  ///< HTML; empty: none
  bool plot = false;
  bool no_progress = false;
  std::string color = "auto";
  Output output = Output::table;
};

/// Declares the options on `command` and binds them to `options`, which must outlive the parse; after it,
/// read_hash_params() has the hash parameters.
void bind_options(CLI::App& command, Options& options);

}  // namespace junctionctl::explain
