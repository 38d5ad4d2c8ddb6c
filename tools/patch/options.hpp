#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "junction/kube/config.hpp"
#include "junction/kube/policy_change.hpp"
#include "junction/result.hpp"
#include "tools/options/policy.hpp"

namespace junctionctl::patch {

/// The command line of patch, as typed.
struct PatchOptions {
  junction::kube::ConfigOptions cluster;
  std::vector<std::string> target;
  std::vector<std::string> files;
  std::optional<std::int64_t> port;
  PolicyFlags policy;
  bool remove = false;

  std::string dry_run = "none";
  bool server_side = false;
  bool force_conflicts = false;
  std::string field_manager = "junctionctl";
  bool local = false;
  bool diff = false;
  std::string output;
  std::string color = "auto";
};

/// Declares the options on `verb`; `options` must outlive the parse, after which read_hash_params() has the
/// rest.
void bind_patch_options(CLI::App& verb, PatchOptions& options);

/// Refuses combinations that make no sense, naming the flag to leave out or to add.
junction::Result<void> check_patch_options(const PatchOptions& options);

/// The one change that the flags describe.
junction::Result<junction::kube::PolicyChange> change_of(const PatchOptions& options);

/// How it is to be sent.
junction::kube::ChangeOptions change_options(const PatchOptions& options);

}  // namespace junctionctl::patch
