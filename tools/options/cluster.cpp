#include "tools/options/cluster.hpp"

#include <fmt/ostream.h>

#include <algorithm>
#include <ostream>
#include <string_view>

#include "junction/printable.hpp"

namespace junctionctl {

using junction::Result;
namespace kube = junction::kube;

namespace {

// Bodies have lines of their own: they stand further in, where they cannot be taken for a line of the trace.
void print_trace(std::string_view text, std::ostream& err) {
  const char* margin = "";
  do {
    const std::size_t end = std::min(text.find('\n'), text.size());
    fmt::print(err, "{}{}\n", margin, junction::printable(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
    margin = "    ";
  } while (!text.empty());
}

}  // namespace

std::string without_equals(std::string value) {
  if (value.starts_with('=')) value.erase(0, 1);
  return value;
}

void add_cluster_options(CLI::App& verb, kube::ConfigOptions& options) {
  const char* const where = "Cluster Options";
  verb.add_option("--kubeconfig", options.kubeconfig,
                  "Path to the kubeconfig file; else $KUBECONFIG, ~/.kube/config")
      ->group(where);
  verb.add_option("--context", options.context, "The kubeconfig context to use")->group(where);
  verb.add_option("--cluster", options.cluster, "The kubeconfig cluster to use")->group(where);
  verb.add_option("--user", options.user, "The kubeconfig user to use")->group(where);
  verb.add_option("-n,--namespace", options.namespace_, "The namespace to work in")
      ->transform(without_equals)
      ->group(where);
  verb.add_option("-s,--server", options.server, "Address and port of the API server")
      ->transform(without_equals)
      ->group(where);
  verb.add_option("--certificate-authority", options.certificate_authority,
                  "Path to a file with the server's CA")
      ->group(where);
  verb.add_option("--tls-server-name", options.tls_server_name, "Name to expect in the server's certificate")
      ->group(where);
  verb.add_flag("--insecure-skip-tls-verify", options.insecure_skip_tls_verify,
                "Do not check the server's certificate: anybody in between can read and change everything")
      ->group(where);
  verb.add_option("--request-timeout", options.request_timeout,
                  "Time allowed for one request: 5s, 2m, 300ms; 0 is no limit")
      ->group(where);

  const char* const who = "Identity Options";
  verb.add_option("--token", options.token, "Bearer token")->group(who);
  verb.add_option("--client-certificate", options.client_certificate, "Path to a client certificate")
      ->group(who);
  verb.add_option("--client-key", options.client_key, "Path to the client certificate's key")->group(who);
  verb.add_option("--as", options.as, "User to impersonate")->group(who);
  verb.add_option("--as-group", options.as_group, "Group to impersonate; repeats")
      ->group(who)
      ->allow_extra_args(false);
  verb.add_option("--as-uid", options.as_uid, "UID to impersonate")->group(who);

  verb.add_option("-v,--v", options.verbosity,
                  "Log level: 6 shows requests, 7 headers, 8 bodies, 9 whole bodies; credentials are masked")
      ->transform(without_equals)
      ->check(CLI::Range(0, 99))
      ->group("Logging Options");
}

Result<kube::ClusterConfig> cluster_config(const kube::ConfigOptions& options, Io& io) {
  auto config = kube::load_config(options);
  if (!config) return config;
  config->trace = [&io](std::string_view text) { print_trace(text, io.err); };
  config->warn = [&io](std::string_view text) {
    fmt::print(io.err, "Warning: {}\n", junction::printable(text));
  };
  return config;
}

Result<kube::Client> connect(const kube::ConfigOptions& options, Io& io) {
  auto config = cluster_config(options, io);
  if (!config) return std::move(config).error();
  return kube::Client(std::move(*config));
}

}  // namespace junctionctl
