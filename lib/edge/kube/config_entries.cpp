#include "edge/kube/config_entries.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "edge/kube/fields.hpp"
#include "junction/base64.hpp"
#include "junction/documents.hpp"

namespace junction::kube {

using nlohmann::json;

namespace {

std::string from_directory(const std::string& directory, const std::string& path) {
  return (std::filesystem::path(directory) / path)
      .lexically_normal()
      .string();  // an absolute path stays as it is
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

// kubectl reads YAML 1.1, where yes and on are true: in text that people write, they may stand for it.
bool switch_field(const json& object, const char* name) {
  const json& value = field(object, name);
  for (const char* const yes : {"yes", "Yes", "YES", "on", "On", "ON", "y", "Y"})
    if (value == yes) return true;
  for (const char* const no : {"no", "No", "NO", "off", "Off", "OFF", "n", "N"})
    if (value == no) return false;
  return bool_field(object, name).value_or(false);
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
  for (const auto& [name, value] : plugin.env)
    if (name.empty())
      throw FieldError{
          fmt::format("the exec plugin of user \"{}\" has an env entry without a name", plugin.user)};
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
  plugin.provide_cluster_info = switch_field(exec, "provideClusterInfo");
  check_exec(plugin);
  return plugin;
}

}  // namespace

std::string file_contents(const std::string& what, const std::string& owner, const std::string& path) {
  auto text = read_file(path);
  if (!text) throw FieldError{fmt::format("the {} of {}: {}", what, owner, text.error().message)};
  return std::move(*text);
}

std::string server_url(std::string text) {
  text.resize(std::min(text.find_first_of("?#"), text.size()));
  while (text.ends_with('/')) text.pop_back();
  const std::size_t scheme = text.find("://");
  if (scheme == std::string::npos) return text.empty() ? text : "http://" + text;
  std::transform(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(scheme), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

void read_cluster(const KubeconfigEntry& entry, const std::string& name, const ConfigOptions& options,
                  ClusterConfig& config) {
  const std::string owner = fmt::format("cluster \"{}\"", name);
  config.server = server_url(text_field(entry.fields, "server"));
  if (config.server.empty() && options.server.empty())
    throw FieldError{fmt::format("no server found for {}", owner)};
  // What the command line says of trust takes the place of all that the kubeconfig says of it.
  const bool overridden = options.insecure_skip_tls_verify || !options.certificate_authority.empty();
  if (!overridden) config.certificate_authority = pem(entry, "certificate-authority", owner);
  if (!overridden) config.insecure_skip_tls_verify = switch_field(entry.fields, "insecure-skip-tls-verify");
  // Another --server seldom goes by the name that was expected of the first.
  if (options.server.empty()) config.tls_server_name = text_field(entry.fields, "tls-server-name");
  config.proxy_url = text_field(entry.fields, "proxy-url");
  config.disable_compression = switch_field(entry.fields, "disable-compression");
}

std::string exec_config(const json& cluster) {
  for (const json& item : list_field(cluster, "extensions"))
    if (text_field(item, "name") == "client.authentication.k8s.io/exec")
      return field(item, "extension").dump();
  return {};
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

}  // namespace junction::kube
