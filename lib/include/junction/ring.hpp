#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "junction/export.hpp"

namespace junction {

/// A point on the ring: the hash of (endpoint, replica).
struct RingEntry {
  std::uint64_t hash = 0;
  std::uint32_t endpoint = 0;  ///< index into the endpoints the ring was built from
  std::uint32_t replica = 0;   ///< which of that endpoint's entries, from 0

  friend bool operator==(const RingEntry&, const RingEntry&) = default;
};

/// How a client reads its ring: as a circle of unsigned numbers; or, as gRPC Java does, as a line of signed
/// ones where what lies beyond the last entry belongs to the last.
enum class RingOrder : std::uint8_t { unsigned_circle, signed_line };

/// Entries sorted by hash (stable, so equal hashes keep the order they were made in), with an index over the
/// top bits of the hash that makes find() take constant time. Immutable, so safe to share.
class JUNCTION_EXPORT Ring {
 public:
  Ring() = default;
  explicit Ring(std::vector<RingEntry> entries, RingOrder order = RingOrder::unsigned_circle);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::span<const RingEntry> entries() const { return {entries_.data(), size_}; }
  [[nodiscard]] RingOrder order() const { return order_; }

  /// Index of the entry that owns `hash`: the first whose hash is not below it, else entry 0 (the last entry
  /// on a signed line). REQUIRES: !empty().
  [[nodiscard]] std::size_t find(std::uint64_t hash) const;

  /// The endpoint of each hash: entries()[find(hash)].endpoint, many at a time. REQUIRES: !empty(), room in
  /// `to`.
  void endpoints(std::span<const std::uint64_t> hashes, std::span<std::uint32_t> to) const;

  /// XXH64 over (hash u64 LE, endpoint u32 LE) of every entry: two clients with the same digest place alike.
  [[nodiscard]] std::uint64_t digest() const;

  /// Part of the hash space each of `endpoints` endpoints owns; the parts add up to 1 (all 0 for an empty
  /// ring).
  [[nodiscard]] std::vector<double> shares(std::size_t endpoints) const;

 private:
  // What entries are sorted by: signed numbers sort as unsigned ones once the sign bit is flipped.
  [[nodiscard]] std::uint64_t rank(std::uint64_t hash) const { return hash ^ flip_; }
  [[nodiscard]] std::size_t beyond_last() const { return order_ == RingOrder::signed_line ? size_ - 1 : 0; }
  [[nodiscard]] std::size_t lower_bound(std::uint64_t ranked) const;
  void sort_buckets();

  std::vector<RingEntry> entries_;  ///< padded at the end
  std::vector<std::uint32_t>
      index_;  ///< top bits of a rank to the first entry with them, and one more at the end
  std::size_t size_ = 0;
  int shift_ = 63;
  RingOrder order_ = RingOrder::unsigned_circle;
  std::uint64_t flip_ = 0;
};

}  // namespace junction
