#include "core/key_sample.hpp"

#include <algorithm>

namespace junction {
namespace {

constexpr std::size_t slot_count = KeySample::limit * 2;

// The low bits decide on membership and the top ones on the endpoint; the slot is taken from those between.
std::size_t first_slot(std::uint64_t hash) {
  return (hash >> 24) % slot_count;
}

}  // namespace

KeySample::KeySample() : slots_(slot_count, 0) {}

void KeySample::add(std::span<const std::uint64_t> hashes) {
  for (const std::uint64_t hash : hashes)
    if ((hash & mask_) == 0) insert(hash);
}

void KeySample::add(const KeySample& other) {
  while (mask_ < other.mask_) thin_out();
  other.for_each([this](std::uint64_t hash) {
    if ((hash & mask_) == 0) insert(hash);
  });
}

void KeySample::insert(std::uint64_t hash) {
  if (hash == 0) {
    size_ += has_zero_ ? 0 : 1;
    has_zero_ = true;
    return;
  }
  std::size_t slot = first_slot(hash);
  while (slots_[slot] != hash) {
    if (slots_[slot] == 0) {
      slots_[slot] = hash;
      if (++size_ > limit) thin_out();
      return;
    }
    slot = (slot + 1) % slot_count;
  }
}

// Two bits at a time: a quarter stays, so that reaching the next limit is worth the work.
void KeySample::thin_out() {
  mask_ = mask_ * 4 + 3;
  std::vector<std::uint64_t> kept;
  for_each([&](std::uint64_t hash) {
    if ((hash & mask_) == 0) kept.push_back(hash);
  });
  std::fill(slots_.begin(), slots_.end(), 0);
  has_zero_ = false;
  size_ = 0;
  for (const std::uint64_t hash : kept) insert(hash);
}

void KeySample::for_each(const std::function<void(std::uint64_t)>& use) const {
  if (has_zero_) use(0);
  for (const std::uint64_t hash : slots_)
    if (hash != 0) use(hash);
}

}  // namespace junction
