#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "junction/result.hpp"

namespace junction::kube {

/// A cluster, user or context of a kubeconfig, and the directory its relative paths start from.
struct KubeconfigEntry {
  nlohmann::json fields;
  std::string directory;
};

/// The files of one kubeconfig lookup, merged: the first file that sets a name sets it.
struct Kubeconfig {
  std::string current_context;
  std::map<std::string, KubeconfigEntry> clusters, users, contexts;
  std::vector<std::string> files;  ///< those that were there

  [[nodiscard]] bool empty() const { return clusters.empty() && users.empty() && contexts.empty(); }
};

/// Reads one file; adds what `into` does not have yet.
Result<void> merge_kubeconfig(const std::string& path, Kubeconfig& into);

/// The files to read: `explicit_path` alone, else the parts of `variable` ($KUBECONFIG), else
/// <home>/.kube/config.
std::vector<std::string> kubeconfig_paths(const std::string& explicit_path, const char* variable,
                                          const char* home);

}  // namespace junction::kube
