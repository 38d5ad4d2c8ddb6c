#include "junction/kube/config.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "edge/files/field.hpp"
#include "edge/kube/config_entries.hpp"
#include "edge/kube/kubeconfig.hpp"
#include "edge/kube/server_url.hpp"
#include "junction/documents.hpp"
#include "junction/duration.hpp"
#include "junction/try.hpp"
#include "junction/url.hpp"

namespace junction::kube {
namespace {

using nlohmann::json;

Result<const KubeconfigEntry*> named(const std::map<std::string, KubeconfigEntry>& entries, const char* what,
                                     const std::string& name) {
  const auto found = entries.find(name);
  if (found != entries.end()) return &found->second;
  std::string known;
  for (const auto& [other, entry] : entries) known += (known.empty() ? "" : ", ") + other;
  return invalid_error(
      fmt::format("the {} \"{}\" does not exist; there is {}", what, name, known.empty() ? "none" : known));
}

/// The names of cluster and user that are to be looked up; empty: none.
struct Chosen {
  std::string cluster, user;
};

Result<Chosen> read_context(const Kubeconfig& file, const ConfigOptions& options, ClusterConfig& config) {
  config.context = options.context.empty() ? file.current_context : options.context;
  Chosen chosen{options.cluster, options.user};
  if (config.context.empty()) return chosen;
  JUNCTION_TRY_ASSIGN(const KubeconfigEntry* const entry, named(file.contexts, "context", config.context));
  auto read = read_fields(entry->fields, [&](const Field& context) {
    if (chosen.cluster.empty()) chosen.cluster = context["cluster"].text_or_empty();
    if (chosen.user.empty()) chosen.user = context["user"].text_or_empty();
    if (std::string name = context["namespace"].text_or_empty(); !name.empty())
      config.namespace_ = std::move(name);
  });
  if (!read) return std::move(read).error().at(fmt::format("context \"{}\"", config.context));
  return chosen;
}

Result<ClusterConfig> from_kubeconfig(const Kubeconfig& file, const ConfigOptions& options) {
  ClusterConfig config;
  JUNCTION_TRY_ASSIGN(const Chosen chosen, read_context(file, options, config));
  const auto& [cluster, user] = chosen;
  // What a context names may be missing where the command line says all that it would say.
  const bool says_who =
      options.user.empty() && !(options.token.empty() && options.client_certificate.empty());
  const bool says_where = options.cluster.empty() && !options.server.empty();
  if (!user.empty() && (!says_who || file.users.contains(user))) {
    JUNCTION_TRY_ASSIGN(const KubeconfigEntry* const entry, named(file.users, "user", user));
    if (auto read = read_user(*entry, user, config); !read)
      return std::move(read).error().at(fmt::format("user \"{}\"", user));
  }
  if (cluster.empty() || (says_where && !file.clusters.contains(cluster))) return config;
  JUNCTION_TRY_ASSIGN(const KubeconfigEntry* const entry, named(file.clusters, "cluster", cluster));
  if (auto read = read_cluster(*entry, cluster, options, config); !read)
    return std::move(read).error().at(fmt::format("cluster \"{}\"", cluster));
  if (config.server.empty() && options.server.empty())
    return invalid_error(fmt::format("no server found for cluster \"{}\"", cluster));
  return config;
}

// A duration as everywhere, or seconds as a bare number. What is shorter than libcurl can count is not "no
// limit".
Result<std::chrono::milliseconds> parse_timeout(const std::string& text) {
  const bool bare = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  const auto duration = parse_duration(bare ? text + "s" : text);
  if (!duration)
    return Error{ErrorKind::usage,
                 fmt::format("--request-timeout '{}' is not a duration: write 5s, 1m30s or 300ms", text)};
  return std::chrono::ceil<std::chrono::milliseconds>(std::chrono::nanoseconds(*duration));
}

Result<void> apply_options(const ConfigOptions& options, ClusterConfig& config) {
  if (!options.server.empty()) {
    const auto url = ServerUrl::parse(options.server);
    if (!url) return usage_error("--server: " + url.error().message);
    config.server = url->to_string();
  }
  if (!options.namespace_.empty()) config.namespace_ = options.namespace_;
  if (!options.token.empty()) {
    config.token = options.token;
    config.token_file.clear();
    config.username.clear();
    config.password.clear();
  }
  struct File {
    const char* flag;
    const std::string& path;
    std::string& text;
    std::string& name;
  };
  const File files[] = {
      {"--certificate-authority", options.certificate_authority, config.certificate_authority,
       config.certificate_authority_name},
      {"--client-certificate", options.client_certificate, config.client_certificate,
       config.client_certificate_name},
      {"--client-key", options.client_key, config.client_key, config.client_key_name},
  };
  for (const auto& [flag, path, text, name] : files) {
    if (path.empty()) continue;
    JUNCTION_TRY_ASSIGN(text, file_contents(flag, path));
    name = fmt::format("{} '{}'", flag, path);
  }
  if (!options.tls_server_name.empty()) config.tls_server_name = options.tls_server_name;
  if (options.insecure_skip_tls_verify) config.insecure_skip_tls_verify = true;
  if (!options.as.empty()) config.as = options.as;
  if (!options.as_uid.empty()) config.as_uid = options.as_uid;
  if (!options.as_group.empty()) config.as_group = options.as_group;
  config.verbosity = options.verbosity;
  return {};
}

// The namespace a pod is in: told by the downward API, or else by the token's neighbour.
std::string pod_namespace(const std::string& service_account) {
  if (const char* const told = std::getenv("POD_NAMESPACE"); told && *told) return told;
  std::string name;
  if (const auto text = read_file(service_account + "/namespace")) std::istringstream(*text) >> name;
  return name;
}

// Where a pod runs, the kubelet leaves it a token that it renews: hence the file and not its contents.
bool in_cluster(const ConfigOptions& options, ClusterConfig& config) {
  const char* const host = std::getenv("KUBERNETES_SERVICE_HOST");
  const char* const port = std::getenv("KUBERNETES_SERVICE_PORT");
  const std::string token_file = options.service_account + "/token";
  if (!host || !*host || !port || !*port || !std::filesystem::exists(token_file)) return false;
  const bool v6 = std::string_view(host).find(':') != std::string_view::npos;
  config.server = fmt::format(fmt::runtime(v6 ? "https://[{}]:{}" : "https://{}:{}"), host, port);
  config.token_file = token_file;
  if (auto text = read_file(options.service_account + "/ca.crt"))
    config.certificate_authority = std::move(*text);
  config.certificate_authority_name = fmt::format("'{}/ca.crt'", options.service_account);
  if (const std::string name = pod_namespace(options.service_account); !name.empty())
    config.namespace_ = name;
  return true;
}

Error nowhere(const ConfigOptions& options, const Kubeconfig& file) {
  if (!file.files.empty())
    return {
        ErrorKind::not_found,
        fmt::format("{} names no server: set its current-context, or pass --context, --cluster or --server",
                    file.files.front())};
  const auto paths = kubeconfig_paths(options.kubeconfig, std::getenv("KUBECONFIG"), std::getenv("HOME"));
  return {ErrorKind::not_found,
          fmt::format("no kubeconfig: {} does not exist; set KUBECONFIG, or pass --kubeconfig or --server",
                      paths.empty() ? "~/.kube/config" : paths.front())};
}

// kubectl's list. SOCKS proxies resolve the server's name themselves, as in Go.
Result<void> check_proxy(const std::string& url) {
  for (const char* const scheme : {"http://", "https://", "socks5://"})
    if (url.starts_with(scheme)) return {};
  if (url.empty()) return {};
  return Error{
      ErrorKind::invalid,
      fmt::format("the proxy-url '{}' of the kubeconfig is no http, https or socks5 URL", masked_url(url))};
}

// Whatever could be read on the way is not said: over plain HTTP kubectl sends no credentials either.
void keep_secrets(ClusterConfig& config) {
  if (!config.server.starts_with("http://")) return;
  for (std::string* const secret : {&config.token, &config.token_file, &config.username, &config.password,
                                    &config.client_certificate, &config.client_key})
    secret->clear();
  config.exec.reset();
}

Result<void> check(const ClusterConfig& config, bool typed) {
  if (auto checked = check_proxy(config.proxy_url); !checked) return checked;
  if (config.insecure_skip_tls_verify && !config.certificate_authority.empty())
    return Error{ErrorKind::invalid,
                 "a certificate authority and insecure-skip-tls-verify exclude each other: keep one"};
  if (config.as.empty() && !(config.as_group.empty() && config.as_uid.empty() && config.as_extra.empty()))
    return Error{typed ? ErrorKind::usage : ErrorKind::invalid,
                 "groups and a UID are impersonated together with a user: add --as"};
  if (!config.client_certificate.empty() && config.client_key.empty())
    return Error{ErrorKind::invalid, "the client certificate has no client-key"};
  return {};
}

}  // namespace

Result<ClusterConfig> load_config(const ConfigOptions& options) {
  Kubeconfig file;
  for (const std::string& path :
       kubeconfig_paths(options.kubeconfig, std::getenv("KUBECONFIG"), std::getenv("HOME"))) {
    const auto merged = merge_kubeconfig(path, file);
    const bool missing = !merged && merged.error().kind == ErrorKind::not_found;
    if (!merged && (!missing || !options.kubeconfig.empty())) return merged.error();
  }
  auto config = from_kubeconfig(file, options);
  if (!config) return std::move(config).error().at("kubeconfig");
  if (config->server.empty() && options.server.empty() && file.empty()) in_cluster(options, *config);
  JUNCTION_TRY(apply_options(options, *config));
  if (config->server.empty()) return nowhere(options, file);
  if (!options.request_timeout.empty()) {
    const auto timeout = parse_timeout(options.request_timeout);
    if (!timeout) return timeout.error();
    config->request_timeout = *timeout;
  }
  const bool typed = !options.as_group.empty() || !options.as_uid.empty();
  if (const auto checked = check(*config, typed); !checked) return checked.error();
  keep_secrets(*config);
  return config;
}

}  // namespace junction::kube
