#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace junctionctl::completion {

/// What a name can be the name of.
enum class NameKind : std::uint8_t { service, deployment, pod, namespace_, context, cluster, user };

/// The names there are of a kind, for a command line of these words: its flags say which cluster. None where
/// they cannot be had.
using Names = std::function<std::vector<std::string>(NameKind kind, const std::vector<std::string>& words)>;

/// From the kubeconfig, and from the cluster within two seconds.
std::vector<std::string> names_of(NameKind kind, const std::vector<std::string>& words);

}  // namespace junctionctl::completion
