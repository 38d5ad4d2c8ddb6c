#include "edge/kube/config_entries.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "edge/files/field.hpp"
#include "edge/kube/server_url.hpp"
#include "junction/base64.hpp"
#include "junction/documents.hpp"
#include "junction/try.hpp"

namespace junction::kube {

using nlohmann::json;

namespace {

std::string from_directory(const std::string& directory, const std::string& path) {
  return (std::filesystem::path(directory) / path)
      .lexically_normal()
      .string();  // an absolute path stays as it is
}

// A certificate or key stands inline (NAME-data, base64) or in a file (NAME); both at once is a mistake.
// `called`: what messages are to call it, with its `owner`.
Result<std::string> pem(const Field& entry, const char* name, const std::string& directory,
                        const std::string& owner, std::string& called) {
  const std::string data_name = std::string(name) + "-data";
  const Field data = entry[data_name.c_str()], file = entry[name];
  const bool has_data = !data.text_or_empty().empty(), has_file = !file.text_or_empty().empty();
  if (has_data && has_file) Field::refuse(fmt::format("it has both {} and {}: keep one", name, data_name));
  if (has_file) {
    const std::string path = from_directory(directory, file.text());
    called = fmt::format("{} '{}' of {}", name, path, owner);
    return file_contents(name, path);
  }
  if (!has_data) return std::string();
  called = fmt::format("{} of {}", data_name, owner);
  auto bytes = base64_decode(data.text());
  if (!bytes) Field::refuse(data_name + " is not base64");
  return std::move(*bytes);
}

// kubectl reads YAML 1.1, where yes and on are true: in text that people write, they may stand for it.
bool switch_field(const Field& value) {
  for (const char* const yes : {"yes", "Yes", "YES", "on", "On", "ON", "y", "Y"})
    if (value.json() == yes) return true;
  for (const char* const no : {"no", "No", "NO", "off", "Off", "OFF", "n", "N"})
    if (value.json() == no) return false;
  return value.boolean_or_none().value_or(false);
}

std::string unread_auth_provider(const std::string& name) {
  if (name == "gcp")
    return "the auth-provider gcp was removed from Kubernetes in 1.26: use the exec plugin "
           "gke-gcloud-auth-plugin";
  if (name == "azure")
    return "the auth-provider azure was removed from Kubernetes in 1.26: use the exec plugin kubelogin";
  return fmt::format("junctionctl does not read the auth-provider {}; use an exec plugin{}", name,
                     name == "oidc" ? " (kubelogin)" : "");
}

void check_auth(const Field& user) {
  if (const Field provider = user["auth-provider"]; !provider.members_or_none().empty())
    Field::refuse(unread_auth_provider(provider["name"].text_or_empty()));
  const bool token = !user["token"].text_or_empty().empty() || !user["tokenFile"].text_or_empty().empty();
  const bool basic = !user["username"].text_or_empty().empty() || !user["password"].text_or_empty().empty();
  if (token && basic) Field::refuse("it has both a token and a username: keep one");
}

void read_impersonation(const Field& user, ClusterConfig& config) {
  config.as = user["as"].text_or_empty();
  config.as_uid = user["as-uid"].text_or_empty();
  for (const Field group : user["as-groups"].items_or_none()) config.as_group.push_back(group.text());
  for (const auto& [name, values] : user["as-user-extra"].members_or_none())
    for (const Field value : values.items_or_none()) config.as_extra.emplace_back(name, value.text());
}

void check_exec(ExecPlugin& plugin) {
  const bool v1 = plugin.api_version == "client.authentication.k8s.io/v1";
  const bool v1beta1 = plugin.api_version == "client.authentication.k8s.io/v1beta1";
  std::string& mode = plugin.interactive_mode;
  if (!v1 && !v1beta1)
    Field::refuse(
        fmt::format("the exec plugin speaks apiVersion '{}': use client.authentication.k8s.io/v1 or v1beta1",
                    plugin.api_version));
  if (plugin.command.empty()) Field::refuse("the exec plugin has no command");
  for (const auto& [name, value] : plugin.env)
    if (name.empty()) Field::refuse("the exec plugin has an env entry without a name");
  if (mode.empty() && v1) Field::refuse("the exec plugin needs an interactiveMode");
  if (mode.empty()) mode = "IfAvailable";
  if (mode != "Never" && mode != "IfAvailable" && mode != "Always")
    Field::refuse(
        fmt::format("the exec plugin has the interactiveMode '{}': use Never, IfAvailable or Always", mode));
}

ExecPlugin read_exec(const Field& exec, const std::string& directory, const std::string& user) {
  ExecPlugin plugin;
  plugin.user = user;
  plugin.api_version = exec["apiVersion"].text_or_empty();
  plugin.command = exec["command"].text_or_empty();
  if (plugin.command.find('/') != std::string::npos)
    plugin.command = from_directory(directory, plugin.command);
  for (const Field arg : exec["args"].items_or_none()) plugin.args.push_back(arg.text());
  for (const Field item : exec["env"].items_or_none())
    plugin.env.emplace_back(item["name"].text_or_empty(), item["value"].text_or_empty());
  plugin.install_hint = exec["installHint"].text_or_empty();
  plugin.interactive_mode = exec["interactiveMode"].text_or_empty();
  plugin.provide_cluster_info = switch_field(exec["provideClusterInfo"]);
  check_exec(plugin);
  return plugin;
}

}  // namespace

Result<std::string> file_contents(const std::string& what, const std::string& path) {
  auto text = read_file(path);
  if (!text) return std::move(text).error().at(what);
  return text;
}

Result<void> read_cluster(const KubeconfigEntry& entry, const std::string& name, const ConfigOptions& options,
                          ClusterConfig& config) {
  const std::string owner = fmt::format("cluster \"{}\"", name);
  return read_fields(entry.fields, [&](const Field& cluster) -> Result<void> {
    if (const std::string server = cluster["server"].text_or_empty();
        !server.empty() && options.server.empty()) {
      JUNCTION_TRY_ASSIGN(const ServerUrl url, ServerUrl::parse(server));
      config.server = url.to_string();
    }
    // What the command line says of trust takes the place of all that the kubeconfig says of it.
    const bool overridden = options.insecure_skip_tls_verify || !options.certificate_authority.empty();
    if (!overridden) {
      JUNCTION_TRY_ASSIGN(config.certificate_authority, pem(cluster, "certificate-authority", entry.directory,
                                                            owner, config.certificate_authority_name));
      config.insecure_skip_tls_verify = switch_field(cluster["insecure-skip-tls-verify"]);
    }
    // Another --server seldom goes by the name that was expected of the first.
    if (options.server.empty()) config.tls_server_name = cluster["tls-server-name"].text_or_empty();
    config.proxy_url = cluster["proxy-url"].text_or_empty();
    config.disable_compression = switch_field(cluster["disable-compression"]);
    for (const Field item : cluster["extensions"].items_or_none())
      if (item["name"].text_or_empty() == "client.authentication.k8s.io/exec" && config.exec)
        config.exec->cluster_config = item["extension"].json().dump();
    return {};
  });
}

Result<void> read_user(const KubeconfigEntry& entry, const std::string& name, ClusterConfig& config) {
  return read_fields(entry.fields, [&](const Field& user) -> Result<void> {
    check_auth(user);
    config.token = user["token"].text_or_empty();
    if (const std::string file = user["tokenFile"].text_or_empty(); !file.empty())
      config.token_file = from_directory(entry.directory, file);
    config.username = user["username"].text_or_empty();
    config.password = user["password"].text_or_empty();
    const std::string owner = fmt::format("user \"{}\"", name);
    JUNCTION_TRY_ASSIGN(config.client_certificate, pem(user, "client-certificate", entry.directory, owner,
                                                       config.client_certificate_name));
    JUNCTION_TRY_ASSIGN(config.client_key,
                        pem(user, "client-key", entry.directory, owner, config.client_key_name));
    if (const Field exec = user["exec"]; !exec.members_or_none().empty())
      config.exec = read_exec(exec, entry.directory, name);
    read_impersonation(user, config);
    return {};
  });
}

}  // namespace junction::kube
