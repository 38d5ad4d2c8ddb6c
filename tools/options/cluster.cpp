#include "tools/options/cluster.hpp"

#include <fmt/ostream.h>

#include <algorithm>
#include <ostream>
#include <string_view>

#include "junction/ascii.hpp"
#include "junction/printable.hpp"
#include "tools/help/help_page.hpp"

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

CLI::Validator log_level() {
  return {[](const std::string& text) {
            const auto level = junction::whole_number<int>(text);
            return level && *level >= 0 && *level <= 99 ? std::string()
                                                        : fmt::format("'{}' is not from 0 to 99", text);
          },
          ""};
}

}  // namespace

std::string without_equals(std::string value) {
  if (value.starts_with('=')) value.erase(0, 1);
  return value;
}

void add_cluster_options(CLI::App& verb, kube::ConfigOptions& options) {
  const auto add = [&](const char* name, std::string& to, const char* type, const char* words) {
    return verb.add_option(name, to, words)->type_name(type)->group(help::cluster_group);
  };
  add("--kubeconfig", options.kubeconfig, "FILE", "Else $KUBECONFIG, ~/.kube/config, the pod's account");
  add("--context", options.context, "NAME", "Context of the kubeconfig");
  add("--cluster", options.cluster, "NAME", "Cluster of the kubeconfig");
  add("--user", options.user, "NAME", "User of the kubeconfig");
  add("-n,--namespace", options.namespace_, "NAME", "Namespace to work in")->transform(without_equals);
  add("-s,--server", options.server, "URL", "Address of the API server")->transform(without_equals);
  add("--certificate-authority", options.certificate_authority, "FILE",
      "The CA that the server's certificate is by");
  add("--tls-server-name", options.tls_server_name, "NAME", "Name to expect in the server's certificate");
  verb.add_flag("--insecure-skip-tls-verify", options.insecure_skip_tls_verify,
                "Do not check the server's certificate: anybody in between can read and change everything")
      ->group(help::cluster_group);
  add("--request-timeout", options.request_timeout, "TIME", "For one request: 5s, 2m; 0 is no limit");
  add("--token", options.token, "TOKEN", "Bearer token");
  add("--client-certificate", options.client_certificate, "FILE", "Certificate to show to the server");
  add("--client-key", options.client_key, "FILE", "Its key");
  add("--as", options.as, "USER", "User to impersonate");
  verb.add_option("--as-group", options.as_group, "Group to impersonate; repeats")
      ->type_name("GROUP")
      ->group(help::cluster_group)
      ->allow_extra_args(false);
  add("--as-uid", options.as_uid, "UID", "UID to impersonate");
  verb.add_option("-v,--v", options.verbosity,
                  "6 shows requests, 7 headers, 8 bodies, 9 whole bodies; credentials are masked")
      ->transform(without_equals)
      ->check(log_level())
      ->type_name("LEVEL")
      ->group(help::cluster_group);
}

std::size_t verb_place(const std::vector<std::string>& words) {
  std::size_t at = 0;
  while (at < words.size() && words[at].starts_with('-')) {
    const std::string& word = words[at];
    const bool short_with_value = !word.starts_with("--") && word.size() > 2;
    const bool alone = short_with_value || word.find('=') != std::string::npos || word == "-h" ||
                       word == "--help" || word == "-V" || word == "--version" ||
                       word == "--insecure-skip-tls-verify";
    at += alone || at + 1 == words.size() ? 1U : 2U;
  }
  return at;
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
