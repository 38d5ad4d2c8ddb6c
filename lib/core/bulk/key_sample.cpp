#include "core/bulk/key_sample.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace junction {
namespace {

constexpr std::size_t first_slot_count = 2048;  // a power of two, as are all later ones

// The low bits decide on membership and the top ones on the endpoint; the slot is taken from those between.
std::size_t first_slot(std::uint64_t hash, std::size_t slot_count) {
  return (hash >> 24) & (slot_count - 1);
}

}  // namespace

KeySample::KeySample() : slots_(first_slot_count, 0), most_(first_slot_count / 2) {}

void KeySample::add(const KeySample& other) {
  if (mask_ < other.mask_) rebuild(other.slots_.size(), other.mask_);
  other.for_each([this](std::uint64_t hash) { insert(hash); });
}

void KeySample::insert(std::uint64_t hash) {
  if ((hash & mask_) != 0) return;
  if (hash == 0) {
    size_ += has_zero_ ? 0 : 1;
    has_zero_ = true;
    return;
  }
  std::size_t slot = first_slot(hash, slots_.size());
  while (slots_[slot] != hash) {
    if (slots_[slot] == 0) {
      slots_[slot] = hash;
      if (++size_ > most_) make_room();
      return;
    }
    slot = (slot + 1) & (slots_.size() - 1);
  }
}

// Up to `limit` hashes it is worth having all; a sample need not be so large. As it shrinks by half each
// time, it has more than sample_limit / 2 hashes: an error of 1% at most (one standard deviation).
void KeySample::make_room() {
  if (size_ <= limit && exact()) return rebuild(slots_.size() * 4, mask_);
  rebuild(std::bit_ceil(sample_limit), exact() ? limit / sample_limit : mask_ * 2 + 1);
}

void KeySample::rebuild(std::size_t slot_count, std::uint64_t mask) {
  const std::vector<std::uint64_t> old = std::exchange(slots_, std::vector<std::uint64_t>(slot_count, 0));
  mask_ = mask;
  most_ = mask == 0 ? std::min(slot_count / 2, limit) : sample_limit;
  size_ = has_zero_ ? 1 : 0;
  for (const std::uint64_t hash : old)
    if (hash != 0) insert(hash);
}

void KeySample::for_each(const std::function<void(std::uint64_t)>& use) const {
  if (has_zero_) use(0);
  for (const std::uint64_t hash : slots_)
    if (hash != 0) use(hash);
}

}  // namespace junction
