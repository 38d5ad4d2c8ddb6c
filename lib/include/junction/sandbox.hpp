#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "junction/export.hpp"
#include "junction/replica.hpp"
#include "junction/result.hpp"

namespace junction {

struct SandboxOptions {
  std::int64_t replicas = 1;
  ReplicaLimits limits;
  std::uint16_t front_port = 8011;  ///< 0: any free one
  std::uint16_t api_port = 0;       ///< 0: any free one
  std::string pod_network;          ///< "127.A.B"; empty: the first that is free
  std::string kubeconfig;  ///< file to write (it must not exist); empty: one in a new private directory

  /// Told, from any thread, of trouble that does not end the sandbox; one line.
  std::function<void(const std::string&)> on_trouble = [](const std::string&) {};
};

/// The tutorial's cluster in one process: replicas of wineinfo-recs on loopback addresses, a front that
/// routes to them as a Junction client does, and enough of the Kubernetes API, over HTTPS and behind a token,
/// to work on them.
///
///   auto sandbox = junction::Sandbox::start({.replicas = 4});
///   setenv("KUBECONFIG", (*sandbox)->kubeconfig().c_str(), 1);
///
/// Everything listens on loopback only. The token and the CA are made for this run and written to the
/// kubeconfig alone (mode 0600), which goes away with the sandbox.
///
/// All of it lies in libjunction-sandbox.so, next to libjunction.so, and is loaded when first started:
/// programs that never start one do not pay for its HTTP server.
class JUNCTION_EXPORT Sandbox {
 public:
  static constexpr std::int64_t most_replicas = 200;

  /// Returns once the front knows its replicas. Fails with ErrorKind::usage where the options make no sense,
  /// io where a port is taken or the kubeconfig cannot be written.
  static Result<std::unique_ptr<Sandbox>> start(SandboxOptions options);

  virtual ~Sandbox();  ///< ends it and removes the kubeconfig
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  [[nodiscard]] virtual const std::string& kubeconfig() const = 0;  ///< path
  [[nodiscard]] virtual std::string front_url() const = 0;          ///< "http://127.0.0.1:8011"
  [[nodiscard]] virtual std::string api_url() const = 0;            ///< "https://127.0.0.1:43121"
  [[nodiscard]] virtual std::string pod_network() const = 0;        ///< "127.10.3.0/24"

 protected:
  Sandbox() = default;
};

}  // namespace junction
