#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "junction/export.hpp"
#include "junction/ring.hpp"

namespace junction {

/// Where each request hash belongs, as one client works it out: the entries of a ring, or the slots of a
/// table (Maglev). Immutable; copies share what they hold, so they are cheap and safe to use from any thread.
class JUNCTION_EXPORT Placement {
 public:
  Placement() = default;  ///< empty: no endpoints
  explicit Placement(Ring ring);
  explicit Placement(std::vector<std::uint32_t> table);  ///< slot to endpoint

  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] std::size_t size() const;  ///< entries or slots

  /// The entry or slot that `hash` meets. REQUIRES: !empty().
  [[nodiscard]] std::size_t find(std::uint64_t hash) const;

  /// The endpoint behind an entry or slot: an index into the endpoints that were placed. REQUIRES: at <
  /// size().
  [[nodiscard]] std::uint32_t endpoint(std::size_t at) const;

  /// The endpoint of each hash, many at a time. REQUIRES: !empty(), room in `to`.
  void endpoints(std::span<const std::uint64_t> hashes, std::span<std::uint32_t> to) const;

  [[nodiscard]] const Ring* ring() const { return ring_.get(); }  ///< null: a table, or empty
  [[nodiscard]] const std::vector<std::uint32_t>* table() const {
    return table_.get();
  }  ///< null: a ring, or empty

  /// Part of the hash space each of `endpoints` endpoints owns; adds up to 1 unless empty.
  [[nodiscard]] std::vector<double> shares(std::size_t endpoints) const;
  /// Entries or slots of each of `endpoints` endpoints.
  [[nodiscard]] std::vector<std::size_t> counts(std::size_t endpoints) const;

  /// The ring's digest, or XXH64 over the table's slots as u32 LE.
  [[nodiscard]] std::uint64_t digest() const;

 private:
  std::shared_ptr<const Ring> ring_;
  std::shared_ptr<const std::vector<std::uint32_t>> table_;
};

}  // namespace junction
