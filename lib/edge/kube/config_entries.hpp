#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "edge/kube/kubeconfig.hpp"
#include "junction/kube/config.hpp"

namespace junction::kube {

// These throw FieldError where an entry cannot be used, as kubectl would refuse it.

/// What a kubeconfig says of a cluster, as far as `options` do not take its place.
void read_cluster(const KubeconfigEntry& entry, const std::string& name, const ConfigOptions& options,
                  ClusterConfig& config);

/// What a kubeconfig says of a user.
void read_user(const KubeconfigEntry& entry, const std::string& name, ClusterConfig& config);

/// What a cluster has to say to credential plugins, as JSON; empty: nothing.
std::string exec_config(const nlohmann::json& cluster);

/// The server's URL as kubectl reads it: without a scheme it is http, and a query has no meaning.
std::string server_url(std::string text);

/// A file that a certificate or key is in: `what` it is, and whose, for the message.
std::string file_contents(const std::string& what, const std::string& owner, const std::string& path);

}  // namespace junction::kube
