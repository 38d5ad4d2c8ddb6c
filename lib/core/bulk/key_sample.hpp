#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace junction {

/// The distinct hashes of a stream, or once there are too many a sample of them: those whose low bits are
/// zero, more bits the more there are. A hash is in the sample or not whatever its frequency, so counts of
/// the sample times scale() estimate counts of distinct keys. Source: Gibbons, "Distinct sampling for
/// highly-accurate answers", VLDB 2001. The ring looks at the top bits, so which endpoint a key has does not
/// bear on whether it is sampled.
class KeySample {
 public:
  static constexpr std::size_t limit = 65536;         ///< of distinct hashes that are counted exactly
  static constexpr std::size_t sample_limit = 20480;  ///< beyond that

  KeySample();

  void add(std::uint64_t hash) {
    if ((hash & mask_) == 0) [[unlikely]]
      insert(hash);
  }
  void add(const KeySample& other);

  [[nodiscard]] bool exact() const { return mask_ == 0; }
  [[nodiscard]] std::uint64_t scale() const { return mask_ + 1; }
  [[nodiscard]] std::size_t size() const { return size_; }

  void for_each(const std::function<void(std::uint64_t)>& use) const;

 private:
  void insert(std::uint64_t hash);
  void make_room();
  void rebuild(std::size_t slot_count, std::uint64_t mask);

  std::vector<std::uint64_t> slots_;  ///< open addressing; 0 is a free slot
  std::size_t most_;                  ///< hashes in them
  std::size_t size_ = 0;
  std::uint64_t mask_ = 0;  ///< a hash is sampled if it has none of these bits
  bool has_zero_ = false;   ///< the hash 0 itself
};

}  // namespace junction
