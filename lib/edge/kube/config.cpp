#include "junction/kube/config.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "edge/kube/fields.hpp"
#include "edge/kube/kubeconfig.hpp"
#include "junction/base64.hpp"
#include "junction/documents.hpp"
#include "junction/duration.hpp"

namespace junction::kube {
namespace {

using nlohmann::json;

std::string from_directory(const std::string& directory, const std::string& path) {
  return (std::filesystem::path(directory) / path)
      .lexically_normal()
      .string();  // an absolute path stays as it is
}

std::string file_contents(const std::string& what, const std::string& owner, const std::string& path) {
  auto text = read_file(path);
  if (!text) throw FieldError{fmt::format("the {} of {}: {}", what, owner, text.error().message)};
  return std::move(*text);
}

// A certificate or key stands inline (NAME-data, base64) or in a file (NAME); both at once is a mistake.
std::string pem(const KubeconfigEntry& entry, const std::string& name, const std::string& owner) {
  const std::string data = text_field(entry.fields, (name + "-data").c_str());
  const std::string file = text_field(entry.fields, name.c_str());
  if (!data.empty() && !file.empty())
    throw FieldError{fmt::format("{} has both {} and {}-data: keep one", owner, name, name)};
  if (!file.empty()) return file_contents(name, owner, from_directory(entry.directory, file));
  if (data.empty()) return {};
  auto bytes = base64_decode(data);
  if (!bytes) throw FieldError{fmt::format("{}-data of {} is not base64", name, owner)};
  return std::move(*bytes);
}

std::string server_url(std::string text) {
  while (text.ends_with('/')) text.pop_back();
  const bool scheme = text.starts_with("https://") || text.starts_with("http://");
  return scheme || text.empty() ? text : "http://" + text;  // as kubectl reads it
}

void read_cluster(const KubeconfigEntry& entry, const std::string& name, const ConfigOptions& options,
                  ClusterConfig& config) {
  const std::string owner = fmt::format("cluster \"{}\"", name);
  config.server = server_url(text_field(entry.fields, "server"));
  // What the command line says of trust takes the place of all that the kubeconfig says of it.
  const bool overridden = options.insecure_skip_tls_verify || !options.certificate_authority.empty();
  if (!overridden) config.certificate_authority = pem(entry, "certificate-authority", owner);
  if (!overridden)
    config.insecure_skip_tls_verify = bool_field(entry.fields, "insecure-skip-tls-verify").value_or(false);
  // Another --server seldom goes by the name that was expected of the first.
  if (options.server.empty()) config.tls_server_name = text_field(entry.fields, "tls-server-name");
  config.proxy_url = text_field(entry.fields, "proxy-url");
  config.disable_compression = bool_field(entry.fields, "disable-compression").value_or(false);
}

// What a cluster has to say to credential plugins.
std::string exec_config(const json& cluster) {
  for (const json& item : list_field(cluster, "extensions"))
    if (text_field(item, "name") == "client.authentication.k8s.io/exec")
      return field(item, "extension").dump();
  return {};
}

void check_auth(const json& user, const std::string& name) {
  if (const json& provider = map_field(user, "auth-provider"); !provider.empty())
    throw FieldError{
        fmt::format("user \"{}\" relies on the auth-provider {}, which Kubernetes has removed: use an exec "
                    "credential plugin",
                    name, text_field(provider, "name"))};
  const bool token = !text_field(user, "token").empty() || !text_field(user, "tokenFile").empty();
  const bool basic = !text_field(user, "username").empty() || !text_field(user, "password").empty();
  if (token && basic)
    throw FieldError{fmt::format("user \"{}\" has both a token and a username: keep one", name)};
}

void read_impersonation(const json& user, ClusterConfig& config) {
  config.as = text_field(user, "as");
  config.as_uid = text_field(user, "as-uid");
  for (const json& group : list_field(user, "as-groups")) config.as_group.push_back(group.get<std::string>());
  for (const auto& item : map_field(user, "as-user-extra").items())
    for (const json& value : item.value()) config.as_extra.emplace_back(item.key(), value.get<std::string>());
}

void check_exec(ExecPlugin& plugin) {
  const bool v1 = plugin.api_version == "client.authentication.k8s.io/v1";
  const bool v1beta1 = plugin.api_version == "client.authentication.k8s.io/v1beta1";
  std::string& mode = plugin.interactive_mode;
  if (!v1 && !v1beta1)
    throw FieldError{
        fmt::format("the exec plugin of user \"{}\" speaks apiVersion '{}': use "
                    "client.authentication.k8s.io/v1 or v1beta1",
                    plugin.user, plugin.api_version)};
  if (plugin.command.empty())
    throw FieldError{fmt::format("the exec plugin of user \"{}\" has no command", plugin.user)};
  if (mode.empty() && v1)
    throw FieldError{fmt::format("the exec plugin of user \"{}\" needs an interactiveMode", plugin.user)};
  if (mode.empty()) mode = "IfAvailable";
  if (mode != "Never" && mode != "IfAvailable" && mode != "Always")
    throw FieldError{
        fmt::format("the exec plugin of user \"{}\" has the interactiveMode '{}': use Never, IfAvailable "
                    "or Always",
                    plugin.user, mode)};
}

ExecPlugin read_exec(const json& exec, const KubeconfigEntry& entry, const std::string& user) {
  ExecPlugin plugin;
  plugin.user = user;
  plugin.api_version = text_field(exec, "apiVersion");
  plugin.command = text_field(exec, "command");
  if (plugin.command.find('/') != std::string::npos)
    plugin.command = from_directory(entry.directory, plugin.command);
  for (const json& arg : list_field(exec, "args")) plugin.args.push_back(arg.get<std::string>());
  for (const json& item : list_field(exec, "env"))
    plugin.env.emplace_back(text_field(item, "name"), text_field(item, "value"));
  plugin.install_hint = text_field(exec, "installHint");
  plugin.interactive_mode = text_field(exec, "interactiveMode");
  plugin.provide_cluster_info = bool_field(exec, "provideClusterInfo").value_or(false);
  check_exec(plugin);
  return plugin;
}

void read_user(const KubeconfigEntry& entry, const std::string& name, ClusterConfig& config) {
  const std::string owner = fmt::format("user \"{}\"", name);
  const json& user = entry.fields;
  check_auth(user, name);
  config.token = text_field(user, "token");
  if (const std::string file = text_field(user, "tokenFile"); !file.empty())
    config.token_file = from_directory(entry.directory, file);
  config.username = text_field(user, "username");
  config.password = text_field(user, "password");
  config.client_certificate = pem(entry, "client-certificate", owner);
  config.client_key = pem(entry, "client-key", owner);
  if (const json& exec = map_field(user, "exec"); !exec.empty()) config.exec = read_exec(exec, entry, name);
  read_impersonation(user, config);
}

const KubeconfigEntry& named(const std::map<std::string, KubeconfigEntry>& entries, const char* what,
                             const std::string& name) {
  const auto found = entries.find(name);
  if (found != entries.end()) return found->second;
  std::string known;
  for (const auto& [other, entry] : entries) known += (known.empty() ? "" : ", ") + other;
  throw FieldError{
      fmt::format("the {} \"{}\" does not exist; there is {}", what, name, known.empty() ? "none" : known)};
}

ClusterConfig from_kubeconfig(const Kubeconfig& file, const ConfigOptions& options) {
  ClusterConfig config;
  std::string cluster = options.cluster, user = options.user;
  config.context = options.context.empty() ? file.current_context : options.context;
  if (!config.context.empty()) {
    const json& context = named(file.contexts, "context", config.context).fields;
    if (cluster.empty()) cluster = text_field(context, "cluster");
    if (user.empty()) user = text_field(context, "user");
    if (const std::string name = text_field(context, "namespace"); !name.empty()) config.namespace_ = name;
  }
  // What a context names may be missing where the command line says all that it would say.
  const bool says_who =
      options.user.empty() && !(options.token.empty() && options.client_certificate.empty());
  const bool says_where = options.cluster.empty() && !options.server.empty();
  if (!user.empty() && (!says_who || file.users.contains(user)))
    read_user(named(file.users, "user", user), user, config);
  if (cluster.empty() || (says_where && !file.clusters.contains(cluster))) return config;
  const KubeconfigEntry& entry = named(file.clusters, "cluster", cluster);
  read_cluster(entry, cluster, options, config);
  if (config.exec) config.exec->cluster_config = exec_config(entry.fields);
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

void apply_options(const ConfigOptions& options, ClusterConfig& config) {
  if (!options.server.empty()) config.server = server_url(options.server);
  if (!options.namespace_.empty()) config.namespace_ = options.namespace_;
  if (!options.token.empty()) {
    config.token = options.token;
    config.token_file.clear();
    config.username.clear();
    config.password.clear();
  }
  if (!options.certificate_authority.empty())
    config.certificate_authority =
        file_contents("certificate-authority", "the command line", options.certificate_authority);
  if (!options.client_certificate.empty())
    config.client_certificate =
        file_contents("client-certificate", "the command line", options.client_certificate);
  if (!options.client_key.empty())
    config.client_key = file_contents("client-key", "the command line", options.client_key);
  if (!options.tls_server_name.empty()) config.tls_server_name = options.tls_server_name;
  if (options.insecure_skip_tls_verify) config.insecure_skip_tls_verify = true;
  if (!options.as.empty()) config.as = options.as;
  if (!options.as_uid.empty()) config.as_uid = options.as_uid;
  if (!options.as_group.empty()) config.as_group = options.as_group;
  config.verbosity = options.verbosity;
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
  return Error{ErrorKind::invalid,
               fmt::format("the proxy-url '{}' of the kubeconfig is no http, https or socks5 URL", url)};
}

// Whatever could be read on the way is not said: over plain HTTP kubectl sends no credentials either.
void keep_secrets(ClusterConfig& config) {
  if (!config.server.starts_with("http://")) return;
  for (std::string* const secret : {&config.token, &config.token_file, &config.username, &config.password,
                                    &config.client_certificate, &config.client_key})
    secret->clear();
  config.exec.reset();
}

Result<void> check(const ClusterConfig& config) {
  if (auto checked = check_proxy(config.proxy_url); !checked) return checked;
  if (config.insecure_skip_tls_verify && !config.certificate_authority.empty())
    return Error{ErrorKind::invalid,
                 "a certificate authority and insecure-skip-tls-verify exclude each other: keep one"};
  if (config.as.empty() && !(config.as_group.empty() && config.as_uid.empty() && config.as_extra.empty()))
    return Error{ErrorKind::usage, "groups and a UID are impersonated together with a user: add --as"};
  if (config.client_certificate.empty() != config.client_key.empty())
    return Error{ErrorKind::invalid, config.client_key.empty() ? "the client certificate has no client-key"
                                                               : "the client key has no client-certificate"};
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
  auto config = reading("kubeconfig", [&] {
    ClusterConfig found = from_kubeconfig(file, options);
    if (found.server.empty() && options.server.empty() && file.empty()) in_cluster(options, found);
    apply_options(options, found);
    return found;
  });
  if (!config) return config;
  if (config->server.empty()) return nowhere(options, file);
  if (!options.request_timeout.empty()) {
    const auto timeout = parse_timeout(options.request_timeout);
    if (!timeout) return timeout.error();
    config->request_timeout = *timeout;
  }
  if (const auto checked = check(*config); !checked) return checked.error();
  keep_secrets(*config);
  return config;
}

}  // namespace junction::kube
