#pragma once

#include <fmt/format.h>

#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "junction/implementation.hpp"

namespace junction {

/// Room for the bytes to be hashed; on the stack unless they are long.
using HashBuffer = fmt::basic_memory_buffer<char, 256>;

inline std::string_view view(const HashBuffer& buffer) {
  return {buffer.data(), buffer.size()};
}
inline void append(HashBuffer& buffer, std::string_view bytes) {
  buffer.append(bytes.data(), bytes.data() + bytes.size());
}

/// XXH64 of `bytes`, which the step, where one is given, shows.
std::uint64_t hash_bytes(std::string_view bytes, HashStep* step);
/// The same of the one value that was found.
std::uint64_t hash_one(std::string_view value, HashStep* step);

/// All values of a header, sorted as bytes; one value, the common case, takes no memory.
class SortedValues {
 public:
  SortedValues(const Request& request, std::string_view name);
  [[nodiscard]] std::span<const std::string_view> values() const;

 private:
  std::size_t count_ = 0;
  std::string_view first_;
  std::vector<std::string_view> more_;
};

/// Whether nobody knows if a request without a value for this policy would have had one: its header is not
/// among those that are recorded, or its sender's address is not known.
bool is_unknown(const Request& request, const HashParam& param);

/// Whether one of these steps makes the request's hash unknown.
bool any_unknown(std::span<const HashStep> steps);

/// When a policy marked terminal stops the walk.
enum class Stops { own_value, any_value };

/// How a client walks its hash policies. `evaluate` gives a policy's value or nothing, and fills in values
/// and bytes of the step where one is given. `applies` says whether the client knows the policy's type at
/// all; one it does not know it drops, terminal or not.
struct PolicyWalk {
  std::optional<std::uint64_t> (*evaluate)(const Request&, const HashParam&, HashStep*);
  bool (*applies)(const HashParam&) = [](const HashParam&) { return true; };
  bool (*unknown)(const Request&, const HashParam&) = is_unknown;  ///< asked where there is no value
  Stops stops = Stops::any_value;
  std::uint64_t (*rotate)(std::uint64_t) = [](std::uint64_t hash) { return std::rotl(hash, 1); };
};

std::optional<std::uint64_t> walk_policies(const PolicyWalk& walk, const Request& request,
                                           std::span<const HashParam> params, std::vector<HashStep>* steps);

/// Junction's walk. Source: junction-client crates/junction-core/src/hash.rs and load_balancer.rs@f97d3db.
std::optional<std::uint64_t> hash_as_junction(const Request& request, std::span<const HashParam> params,
                                              std::vector<HashStep>* steps);

/// See Implementation: so it is with a single QueryParam, as a bare value has no headers.
bool junction_hashes_bare_values(std::span<const HashParam> params);

/// Envoy's. Source: Envoy source/common/http/hash_policy.cc.
std::optional<std::uint64_t> hash_as_envoy(const Request& request, std::span<const HashParam> params,
                                           std::vector<HashStep>* steps);

/// What gRPC makes of a header: all values joined with ','. Nothing for names ending in -bin, and always
/// "application/grpc" for content-type. Source: gRFC A42; xds_routing.cc, serviceconfig.go,
/// XdsNameResolver.java.
std::optional<std::uint64_t> grpc_header_value(const Request& request, const HashParam& param,
                                               HashStep* step);

/// gRPC knows headers alone.
bool grpc_applies(const HashParam& param);
bool is_unknown_to_grpc(const Request& request, const HashParam& param);

}  // namespace junction
