#pragma once

#include <string>

#include "edge/kube/kubeconfig.hpp"
#include "junction/kube/config.hpp"

namespace junction::kube {

// These fail where an entry cannot be used, as kubectl would refuse it. Whose entry it is, the caller says.

/// What a kubeconfig says of a cluster, as far as `options` do not take its place; to be read after the user,
/// as a credential plugin may ask for some of it.
Result<void> read_cluster(const KubeconfigEntry& entry, const std::string& name, const ConfigOptions& options,
                          ClusterConfig& config);

/// What a kubeconfig says of a user.
Result<void> read_user(const KubeconfigEntry& entry, const std::string& name, ClusterConfig& config);

/// A file that a certificate or key is in: `what` it is, for the message.
Result<std::string> file_contents(const std::string& what, const std::string& path);

}  // namespace junction::kube
