#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "edge/kube/pem.hpp"
#include "junction/kube/config.hpp"
#include "junction/result.hpp"

namespace junction::kube {

/// What a credential plugin answered.
struct ExecCredential {
  std::string token;
  std::shared_ptr<const ClientIdentity> identity;  ///< null: none
  std::optional<std::chrono::system_clock::time_point> expiry;
};

/// Runs the plugin (no shell in between) and reads what it prints. It learns of the cluster through
/// KUBERNETES_EXEC_INFO; its stderr is the caller's, and so is its stdin where it may ask a person.
Result<ExecCredential> run_exec_plugin(const ExecPlugin& plugin, const ClusterConfig& config);

/// Reads an ExecCredential object; `plugin` says which version it must be of.
Result<ExecCredential> parse_exec_credential(const ExecPlugin& plugin, std::string_view text);

/// Seconds since the epoch of an RFC 3339 time ("2026-11-23T06:48:37Z", with or without fraction and offset).
std::optional<std::chrono::system_clock::time_point> parse_rfc3339(std::string_view text);

}  // namespace junction::kube
