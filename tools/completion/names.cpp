#include "tools/completion/names.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "junction/documents.hpp"
#include "junction/kube/client.hpp"
#include "junction/kube/config.hpp"
#include "tools/options/cluster.hpp"

namespace junctionctl::completion {
namespace {

using nlohmann::json;
namespace kube = junction::kube;

// The cluster's flags among the words; whatever else is there is passed over, as are flags without their
// value yet.
kube::ConfigOptions cluster_options(const std::vector<std::string>& words) {
  kube::ConfigOptions options;
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  add_cluster_options(app, options);
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::Error&) {
  }
  options.verbosity = 0;
  options.request_timeout = "2s";
  return options;
}

std::string text_at(const json& item, const char* pointer) {
  const json::json_pointer place(pointer);
  const bool there = item.is_object() && item.contains(place) && item.at(place).is_string();
  return there ? item.at(place).get<std::string>() : std::string();
}

void add_names(const json& list, const char* pointer, std::vector<std::string>& names) {
  if (!list.is_array()) return;
  for (const json& item : list)
    if (std::string name = text_at(item, pointer); !name.empty()) names.push_back(std::move(name));
}

std::vector<std::string> kubeconfig_files(const kube::ConfigOptions& options) {
  if (!options.kubeconfig.empty()) return {options.kubeconfig};
  const char* const listed = std::getenv("KUBECONFIG");
  const char* const home = std::getenv("HOME");
  if (!listed || !*listed) return {std::string(home ? home : "") + "/.kube/config"};
  std::vector<std::string> files;
  for (std::string_view rest = listed; !rest.empty();) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    if (end > 0) files.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return files;
}

std::vector<std::string> in_kubeconfig(const char* list, const kube::ConfigOptions& options) {
  std::vector<std::string> names;
  for (const std::string& file : kubeconfig_files(options)) {
    const auto documents = junction::read_documents(file);
    if (!documents) continue;
    for (const json& document : *documents)
      if (document.is_object() && document.contains(list)) add_names(document[list], "/name", names);
  }
  return names;
}

std::string path_of(NameKind kind, const std::string& namespace_) {
  switch (kind) {
    case NameKind::service:
      return kube::service_path(namespace_);
    case NameKind::deployment:
      return kube::deployment_path(namespace_);
    case NameKind::pod:
      return kube::pod_path(namespace_);
    default:
      return "/api/v1/namespaces";
  }
}

}  // namespace

std::vector<std::string> names_of(NameKind kind, const std::vector<std::string>& words) {
  const kube::ConfigOptions options = cluster_options(words);
  if (kind == NameKind::context) return in_kubeconfig("contexts", options);
  if (kind == NameKind::cluster) return in_kubeconfig("clusters", options);
  if (kind == NameKind::user) return in_kubeconfig("users", options);
  auto config = kube::load_config(options);
  if (!config) return {};
  kube::Client client(*std::move(config));
  const auto list = client.list(path_of(kind, client.namespace_()));
  std::vector<std::string> names;
  if (list && list->is_object() && list->contains("items"))
    add_names((*list)["items"], "/metadata/name", names);
  return names;
}

}  // namespace junctionctl::completion
