#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "junction/endpoint.hpp"
#include "junction/export.hpp"
#include "junction/placement.hpp"
#include "junction/policy.hpp"
#include "junction/request.hpp"
#include "junction/result.hpp"

namespace junction {

/// What one hash policy did to one request: a step of the derivation that `explain --why` shows.
struct HashStep {
  HashParam param;
  std::vector<std::string>
      values;  ///< what was found under the name, as this client reads it (decoded or not)
  /// Exactly what was hashed. Envoy hashes several header values one by one, each seeded with the hash
  /// before: then this is those values, end to end.
  std::string bytes;
  std::optional<std::uint64_t> value;     ///< nothing: the policy yielded no value
  std::optional<std::uint64_t> combined;  ///< the request's hash after this step
  bool stopped = false;                   ///< terminal, and so the last step
  /// The client would have looked at something that is not known of the request: it may yield a value or not.
  bool unknown = false;
};

enum class KeyHash : std::uint8_t { xxh64, murmur2 };

/// What only some implementations know; the others ignore it.
struct PlacementOptions {
  std::uint32_t min_ring_size = Policy::default_min_ring_size;
  std::uint64_t max_ring_size = 8388608;  ///< Envoy and gRPC
  std::uint64_t table_size = 65537;       ///< Maglev; a prime (another number counts as the next prime)
  KeyHash key_hash = KeyHash::xxh64;      ///< Envoy's ring: hash_function
  bool use_hostname_for_hashing = false;  ///< Envoy's ring and Maglev
};

/// More entries than this are not placed (the result is empty): check() says so in words.
inline constexpr std::uint64_t max_placement_size = std::uint64_t{1} << 27;

/// How one client in the field places requests, to the bit: its load-balancing policy alone, given its
/// endpoints. Pure and stateless: safe to use from any thread. A weight of 0 counts as 1, as in all of them.
class JUNCTION_EXPORT Implementation {
 public:
  virtual ~Implementation() = default;

  [[nodiscard]] virtual std::string_view name() const = 0;
  [[nodiscard]] virtual std::string_view summary() const = 0;  ///< one line: what it is

  /// Whether it learns of Services from Junction's control plane, and has none that this one drops. Others
  /// have them from Kubernetes in ways of their own.
  [[nodiscard]] bool is_junction() const { return name().starts_with("junction"); }

  [[nodiscard]] virtual Placement place(std::span<const Endpoint> endpoints,
                                        const PlacementOptions& options) const = 0;

  /// Fails where this client would refuse these endpoints or sizes, saying so in its words. place() does not
  /// ask.
  [[nodiscard]] virtual Result<void> check(std::span<const Endpoint> endpoints,
                                           const PlacementOptions& options) const = 0;

  /// The bytes hashed for an endpoint's entry `replica` of the ring; for a table, those of its permutation.
  [[nodiscard]] virtual std::string entry_bytes(const Endpoint& endpoint, std::uint32_t replica,
                                                const PlacementOptions& options) const = 0;

  /// The request's hash; nothing: no policy yielded a value and the client would pick at random. `steps`,
  /// where given, receives a step for each policy that was looked at.
  [[nodiscard]] virtual std::optional<std::uint64_t> hash(const Request& request,
                                                          std::span<const HashParam> params,
                                                          std::vector<HashStep>* steps = nullptr) const = 0;

  /// True where the hash of a request with the one query parameter that `params` name first is XXH64 of its
  /// decoded value and the byte 0xFF, whatever the value: readers of many bare values then hash them where
  /// they lie.
  [[nodiscard]] virtual bool hashes_bare_values(std::span<const HashParam> params) const;
};

/// All of them, Junction's own first. docs/implementations.md says what sets them apart.
JUNCTION_EXPORT std::span<const Implementation* const> implementations();

/// By name: "junction", "envoy", ...; null: there is none of that name.
JUNCTION_EXPORT const Implementation* find_implementation(std::string_view name);

/// Junction as built by today's Rust (1.82 and later). Source: junction-client load_balancer.rs,
/// hash.rs@f97d3db.
JUNCTION_EXPORT const Implementation& junction_implementation();

}  // namespace junction
