#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace junction {

/// One source of the bytes that a request is hashed by. Junction reads headers and query parameters; the
/// others are Envoy's and yield nothing in Junction and gRPC.
struct HashParam {
  enum class Type { header, query_param, cookie, source_ip };

  Type type = Type::query_param;
  std::string name;
  bool terminal = false;  ///< stop after this one if it yielded a value

  friend bool operator==(const HashParam&, const HashParam&) = default;
};

/// A Backend's load-balancing policy: what `junctionctl patch` writes and every client reads.
struct Policy {
  enum class Type { unspecified, round_robin, ring_hash };
  static constexpr std::uint32_t default_min_ring_size = 1024;

  Type type = Type::unspecified;  ///< unspecified behaves as round robin
  std::uint32_t min_ring_size = default_min_ring_size;
  std::vector<HashParam> hash_params;

  [[nodiscard]] bool hashes() const { return type == Type::ring_hash; }

  /// The query parameter that a bare value is one of: the first that is hashed, or else "query".
  [[nodiscard]] std::string value_parameter() const {
    for (const HashParam& param : hash_params)
      if (param.type == HashParam::Type::query_param) return param.name;
    return "query";
  }

  friend bool operator==(const Policy&, const Policy&) = default;
};

}  // namespace junction
