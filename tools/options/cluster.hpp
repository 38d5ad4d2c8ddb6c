#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "junction/kube/client.hpp"
#include "junction/kube/config.hpp"
#include "tools/io.hpp"

namespace junctionctl {

/// The flags that say which cluster, and as whom: those of kubectl, grouped as its help groups them.
/// `options` must outlive the parse.
void add_cluster_options(CLI::App& verb, junction::kube::ConfigOptions& options);

/// Where the verb is among the words of a command line; their number where there is none. kubectl's flags may
/// stand before it: all of them but the switches are followed by a value, unless it is attached.
std::size_t verb_place(const std::vector<std::string>& words);

/// load_config() with the `-v` lines and the server's warnings going to stderr. `io` must outlive the
/// configuration.
junction::Result<junction::kube::ClusterConfig> cluster_config(const junction::kube::ConfigOptions& options,
                                                               Io& io);

/// A client for that cluster.
junction::Result<junction::kube::Client> connect(const junction::kube::ConfigOptions& options, Io& io);

/// "-o=yaml" as kubectl's users write it: the '=' after a short option is not part of its value.
std::string without_equals(std::string value);

}  // namespace junctionctl
