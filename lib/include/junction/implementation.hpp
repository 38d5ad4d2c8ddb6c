#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "junction/endpoint.hpp"
#include "junction/export.hpp"
#include "junction/policy.hpp"
#include "junction/request.hpp"
#include "junction/ring.hpp"

namespace junction {

/// What one hash policy did to one request: a step of the derivation that `explain --why` shows.
struct HashStep {
  HashParam param;
  std::vector<std::string>
      values;         ///< what was found under the name, as this client reads it (decoded or not)
  std::string bytes;  ///< exactly what was hashed
  std::optional<std::uint64_t> value;     ///< nothing: the policy yielded no value
  std::optional<std::uint64_t> combined;  ///< the request's hash after this step
  bool stopped = false;                   ///< terminal, and so the last step
};

/// Sizes that only some implementations know; the others ignore them.
struct PlacementOptions {
  std::uint32_t min_ring_size = Policy::default_min_ring_size;
  std::uint64_t max_ring_size = 8388608;  ///< Envoy and gRPC
  std::uint64_t table_size = 65537;       ///< Maglev; a prime
};

/// How one client in the field places requests, to the bit. Pure and stateless: safe to use from any thread.
class JUNCTION_EXPORT Implementation {
 public:
  virtual ~Implementation() = default;

  [[nodiscard]] virtual std::string_view name() const = 0;

  /// The ring this client would build for these endpoints.
  [[nodiscard]] virtual Ring ring(std::span<const Endpoint> endpoints,
                                  const PlacementOptions& options) const = 0;

  /// The request's hash; nothing: no policy yielded a value and the client would pick at random. `steps`,
  /// where given, receives a step for each policy that was looked at.
  [[nodiscard]] virtual std::optional<std::uint64_t> hash(const Request& request,
                                                          std::span<const HashParam> params,
                                                          std::vector<HashStep>* steps = nullptr) const = 0;
};

/// Junction as built by today's Rust (1.82 and later). Source: junction-client load_balancer.rs,
/// hash.rs@f97d3db.
JUNCTION_EXPORT const Implementation& junction_implementation();

}  // namespace junction
