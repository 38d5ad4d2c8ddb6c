#include "junction/placement.hpp"

#include <cassert>
#include <string_view>
#include <utility>

#include "core/balance/little_endian.hpp"
#include "junction/hash.hpp"

namespace junction {

Placement::Placement(Ring ring) {
  if (!ring.empty()) ring_ = std::make_shared<const Ring>(std::move(ring));
}

Placement::Placement(std::vector<std::uint32_t> table) {
  if (!table.empty()) table_ = std::make_shared<const std::vector<std::uint32_t>>(std::move(table));
}

std::size_t Placement::size() const {
  return ring_ ? ring_->size() : table_ ? table_->size() : 0;
}

std::size_t Placement::find(std::uint64_t hash) const {
  assert(!empty());
  return ring_ ? ring_->find(hash) : static_cast<std::size_t>(hash % table_->size());
}

std::uint32_t Placement::endpoint(std::size_t at) const {
  assert(at < size());
  return ring_ ? ring_->entries()[at].endpoint : (*table_)[at];
}

void Placement::endpoints(std::span<const std::uint64_t> hashes, std::span<std::uint32_t> to) const {
  assert(!empty() && to.size() >= hashes.size());
  if (ring_) return ring_->endpoints(hashes, to);
  const std::uint64_t slots = table_->size();
  for (std::size_t i = 0; i < hashes.size(); ++i) to[i] = (*table_)[hashes[i] % slots];
}

std::vector<double> Placement::shares(std::size_t endpoints) const {
  if (ring_) return ring_->shares(endpoints);
  std::vector<double> shares(endpoints, 0.0);
  if (table_)
    for (const std::uint32_t endpoint : *table_)
      shares[endpoint] += 1.0 / static_cast<double>(table_->size());
  return shares;
}

std::vector<std::size_t> Placement::counts(std::size_t endpoints) const {
  std::vector<std::size_t> counts(endpoints, 0);
  for (std::size_t at = 0; at < size(); ++at) ++counts[endpoint(at)];
  return counts;
}

std::uint64_t Placement::digest() const {
  if (ring_) return ring_->digest();
  std::vector<std::uint8_t> bytes(size() * 4);
  std::uint8_t* to = bytes.data();
  for (std::size_t slot = 0; slot < size(); ++slot) to = put_le(to, (*table_)[slot]);
  return xxh64({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace junction
