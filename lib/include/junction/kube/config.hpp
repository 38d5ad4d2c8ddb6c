#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "junction/export.hpp"
#include "junction/result.hpp"

namespace junction::kube {

/// What a person may say about the cluster on the command line; an empty field means "as the kubeconfig has
/// it". Names and meanings are kubectl's.
struct ConfigOptions {
  std::string kubeconfig;  ///< used alone; else $KUBECONFIG (a list, merged), ~/.kube/config, the pod's
                           ///< service account
  std::string context;
  std::string cluster;
  std::string user;
  std::string namespace_;
  std::string server;
  std::string token;
  std::string as;
  std::vector<std::string> as_group;
  std::string as_uid;
  std::string client_certificate;
  std::string client_key;
  std::string certificate_authority;
  std::string tls_server_name;
  std::string request_timeout;  ///< "5s", "2m", "300ms", a bare number of seconds; "0" or empty: none
  bool insecure_skip_tls_verify = false;
  int verbosity = 0;

  /// Where a pod finds its own token, ca.crt and namespace.
  std::string service_account = "/var/run/secrets/kubernetes.io/serviceaccount";
};

/// A credential plugin (client.authentication.k8s.io): a program that prints a token or a certificate.
struct ExecPlugin {
  std::string api_version;
  std::string command;  ///< a path (a relative one is taken from the kubeconfig's directory) or a name looked
                        ///< up in $PATH
  std::vector<std::string> args;
  std::vector<std::pair<std::string, std::string>> env;
  std::string install_hint;
  std::string interactive_mode;  ///< Never, IfAvailable or Always
  bool provide_cluster_info = false;
  std::string user;  ///< whose credentials, for messages
  std::string
      cluster_config;  ///< the cluster's extension client.authentication.k8s.io/exec, as JSON; may be empty
};

/// Where the API server is, how to trust it and as whom to speak to it. Certificates are PEM text, never
/// paths.
struct ClusterConfig {
  std::string server;  ///< http(s)://host[:port][/base], no slash at the end
  std::string namespace_ = "default";
  std::string context;  ///< name of the context it came from; empty: none

  std::string certificate_authority;       ///< empty: the system's
  std::string certificate_authority_name;  ///< where it is from, for messages; likewise the two below
  bool insecure_skip_tls_verify = false;
  std::string tls_server_name;
  std::string proxy_url;
  bool disable_compression = false;

  std::string token;
  std::string token_file;  ///< wins over token; read again as it may be rotated
  std::string client_certificate;
  std::string client_key;
  std::string client_certificate_name;
  std::string client_key_name;
  std::string username;
  std::string password;
  std::optional<ExecPlugin> exec;  ///< asked only where nothing above gives credentials

  std::string as;
  std::string as_uid;
  std::vector<std::string> as_group;
  std::vector<std::pair<std::string, std::string>> as_extra;

  std::chrono::milliseconds request_timeout{0};  ///< 0: none

  /// Lines for `-v`, in kubectl's levels (6: a line a request, 7: headers, 8: bodies, 9: whole bodies).
  /// Credentials are masked before they get here.
  int verbosity = 0;
  std::function<void(std::string_view)> trace;
  /// What the server warns of (its `Warning` headers); unset: dropped.
  std::function<void(std::string_view)> warn;
};

/// Finds the cluster as kubectl does: the options, then the kubeconfig, then the pod's service account. Reads
/// the files that certificates are in. Errors name the file or name at fault.
JUNCTION_EXPORT Result<ClusterConfig> load_config(const ConfigOptions& options);

}  // namespace junction::kube
