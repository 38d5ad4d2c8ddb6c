#include "edge/kube/exec_plugin.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "edge/files/json.hpp"
#include "junction/base64.hpp"

extern char** environ;

namespace junction::kube {
namespace {

using nlohmann::ordered_json;

std::string name_of(const ExecPlugin& plugin) {
  return fmt::format("the credential plugin {} of user \"{}\"", plugin.command, plugin.user);
}

// Source: the ExecCredential type of client.authentication.k8s.io, as kubectl 1.33 writes it.
std::string exec_info(const ExecPlugin& plugin, const ClusterConfig& config, bool interactive) {
  ordered_json spec;
  if (plugin.provide_cluster_info) {
    ordered_json cluster{{"server", config.server}};
    if (!config.tls_server_name.empty()) cluster["tls-server-name"] = config.tls_server_name;
    if (config.insecure_skip_tls_verify) cluster["insecure-skip-tls-verify"] = true;
    if (!config.certificate_authority.empty())
      cluster["certificate-authority-data"] = base64_encode(config.certificate_authority);
    if (!config.proxy_url.empty()) cluster["proxy-url"] = config.proxy_url;
    if (config.disable_compression) cluster["disable-compression"] = true;
    auto extension = parse_ordered_json(plugin.cluster_config);
    cluster["config"] = extension ? std::move(*extension) : nullptr;
    spec["cluster"] = std::move(cluster);
  }
  spec["interactive"] = interactive;
  return ordered_json{
      {"kind", "ExecCredential"}, {"apiVersion", plugin.api_version}, {"spec", std::move(spec)}}
      .dump();
}

std::vector<std::string> environment(const ExecPlugin& plugin, std::string info) {
  std::vector<std::string> all;
  const auto overridden = [&](std::string_view entry) {
    const std::string_view name = entry.substr(0, entry.find('='));
    if (name == "KUBERNETES_EXEC_INFO") return true;
    return std::any_of(plugin.env.begin(), plugin.env.end(),
                       [&](const auto& pair) { return pair.first == name; });
  };
  for (char** entry = environ; *entry; ++entry)
    if (!overridden(*entry)) all.emplace_back(*entry);
  for (const auto& [name, value] : plugin.env) all.push_back(name + "=" + value);
  all.push_back("KUBERNETES_EXEC_INFO=" + std::move(info));
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

/// Both ends of a pipe, closed when no longer needed.
struct Pipe {
  int ends[2] = {-1, -1};
  ~Pipe() { close_read(), close_write(); }
  bool open() { return pipe2(ends, O_CLOEXEC) == 0; }
  void close_read() { close_end(ends[0]); }
  void close_write() { close_end(ends[1]); }

 private:
  static void close_end(int& end) {
    if (end >= 0) close(end);
    end = -1;
  }
};

int spawn(const ExecPlugin& plugin, std::vector<std::string> environment, bool interactive, int output,
          pid_t& child) {
  std::vector<std::string> words{plugin.command};
  words.insert(words.end(), plugin.args.begin(), plugin.args.end());
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  if (!interactive) posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  const int error = posix_spawnp(&child, plugin.command.c_str(), &actions, nullptr, pointers(words).data(),
                                 pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

std::string read_all(int descriptor) {
  std::string text;
  char block[4096];
  while (true) {
    const ssize_t got = read(descriptor, block, sizeof block);
    if (got > 0)
      text.append(block, static_cast<std::size_t>(got));
    else if (got == 0 || errno != EINTR)
      return text;
  }
}

Error not_started(const ExecPlugin& plugin, int error) {
  std::string message = fmt::format("{} cannot be run: {}", name_of(plugin), std::strerror(error));
  if (error == ENOENT && !plugin.install_hint.empty()) message += "\n" + plugin.install_hint;
  return {ErrorKind::not_found, std::move(message)};
}

Result<bool> may_interact(const ExecPlugin& plugin) {
  const bool terminal = isatty(STDIN_FILENO) == 1;
  if (plugin.interactive_mode == "Always" && !terminal)
    return Error{ErrorKind::invalid,
                 fmt::format("{} must ask a person, and standard input is not a terminal", name_of(plugin))};
  return terminal && plugin.interactive_mode != "Never";
}

}  // namespace

Result<ExecCredential> run_exec_plugin(const ExecPlugin& plugin, const ClusterConfig& config) {
  const auto interactive = may_interact(plugin);
  if (!interactive) return interactive.error();
  Pipe pipe;
  if (!pipe.open()) return Error{ErrorKind::io, fmt::format("{}: {}", name_of(plugin), std::strerror(errno))};
  pid_t child = 0;
  const auto variables = environment(plugin, exec_info(plugin, config, *interactive));
  if (const int error = spawn(plugin, variables, *interactive, pipe.ends[1], child); error != 0)
    return not_started(plugin, error);
  pipe.close_write();
  const std::string text = read_all(pipe.ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (WIFSIGNALED(status))
    return Error{ErrorKind::invalid,
                 fmt::format("{} was ended by signal {}", name_of(plugin), WTERMSIG(status))};
  if (WEXITSTATUS(status) != 0)
    return Error{ErrorKind::unauthorized,
                 fmt::format("{} failed with exit code {}", name_of(plugin), WEXITSTATUS(status))};
  return parse_exec_credential(plugin, text);
}

}  // namespace junction::kube
