#pragma once

#include <memory>
#include <optional>
#include <string>

#include "edge/kube/exec_plugin.hpp"
#include "junction/kube/config.hpp"
#include "junction/result.hpp"

namespace junction::kube {

/// What proves who asks.
struct Credential {
  std::string authorization;                       ///< value of the Authorization header; empty: none
  std::shared_ptr<const ClientIdentity> identity;  ///< null: none
};

/// Yields credentials for request after request: reads a token file again, asks a plugin once and then only
/// when what it gave has expired or was refused.
class Credentials {
 public:
  explicit Credentials(const ClusterConfig& config) : config_(config) {}

  Result<Credential> current();

  /// The server answered 401. True: other credentials may be had, so it is worth another try.
  bool refused();

 private:
  Result<Credential> from_plugin();

  Result<std::shared_ptr<const ClientIdentity>> own_identity();

  const ClusterConfig& config_;
  std::shared_ptr<const ClientIdentity> identity_;  ///< of config_, once it has been read
  std::optional<ExecCredential> cached_;
};

}  // namespace junction::kube
