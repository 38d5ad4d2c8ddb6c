#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "junction/export.hpp"
#include "junction/kube/client.hpp"
#include "junction/policy.hpp"
#include "junction/result.hpp"

namespace junction::kube {

/// The policy that one port of one Service is to have.
struct PolicyChange {
  std::string namespace_;  ///< empty: the current one
  std::string service;
  std::uint16_t port = 0;
  std::optional<Policy> policy;  ///< nothing: take the annotation away

  [[nodiscard]] std::string target() const { return "service/" + service; }
};

/// Reads a Backend: {"id": {"type": "kube", "name": .., "namespace": .., "port": ..}, "lb": {..policy..}}.
/// Refuses unknown fields and policies that the control plane would refuse. A DNS Backend has no Service and
/// is refused too.
JUNCTION_EXPORT Result<PolicyChange> parse_backend(const nlohmann::json& document);

struct ChangeOptions {
  using DryRun = kube::DryRun;

  DryRun dry_run = DryRun::none;
  bool server_side = false;  ///< server-side apply, in place of a merge patch
  bool force_conflicts = false;
  std::string field_manager = "junctionctl";
};

struct ChangeOutcome {
  nlohmann::json before;  ///< the Service as it was read
  nlohmann::json after;   ///< as the server says it is now (dry run: as it would be)
  bool changed = false;   ///< told from resourceVersion; in a dry run, from the annotation
};

/// Reads the Service, refuses what must not be written (a missing port, a type Junction does not understand),
/// and changes the one annotation and nothing else. Conflicts with other writers (409) are read again and
/// retried a few times; fields that other managers own are not: the error names the owners and the remedy.
/// The change is believed when the server's answer shows it: this Service, with this policy.
/// `known` is the Service where the server has just answered it, which is then not read first.
JUNCTION_EXPORT Result<ChangeOutcome> apply_change(Client& client, const PolicyChange& change,
                                                   const ChangeOptions& options = {},
                                                   const nlohmann::json* known = nullptr);

/// The checks of apply_change() alone, on a Service from wherever.
JUNCTION_EXPORT Result<void> check_change(const nlohmann::json& service, const PolicyChange& change);

/// The Service with the change made, nothing sent.
JUNCTION_EXPORT nlohmann::json changed_locally(nlohmann::json service, const PolicyChange& change);

/// The change as a merge or strategic merge patch that kubectl's --patch-file takes: apiVersion, kind,
/// metadata with name, namespace and the one annotation (null where it is to go).
JUNCTION_EXPORT nlohmann::ordered_json patch_document(const PolicyChange& change);

}  // namespace junction::kube
