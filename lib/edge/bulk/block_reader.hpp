#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "junction/result.hpp"

namespace junction {

/// Whole lines of a file, each with its line end (a last line without one gets it). `buffer` holds them and
/// belongs to one thread, which hands it in again for the next block.
struct LineBlock {
  std::vector<char> buffer;
  std::string_view text;
  std::size_t index = 0;  ///< of the block in the file, from 0
};

/// Deals a file or pipe out in blocks to any number of threads. Reading rather than mapping: a log that is
/// truncated while it is read would kill a process that maps it, a pipe cannot be mapped, and a block stays
/// in the cache.
class BlockReader {
 public:
  static constexpr std::size_t block_size = std::size_t{64} * 1024;
  static constexpr std::size_t longest_line = std::size_t{16} * 1024 * 1024;

  static Result<BlockReader> open(const std::string& path);  ///< "-" is standard input
  BlockReader(BlockReader&& other) noexcept;
  ~BlockReader();
  BlockReader& operator=(BlockReader&&) = delete;

  /// Fills `block`; false at the end. An error is given once, and is the end for all threads.
  Result<bool> next(LineBlock& block);

  [[nodiscard]] std::uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t total_bytes() const { return total_bytes_; }  ///< 0: unknown

 private:
  BlockReader(int descriptor, std::string path, std::uint64_t total);
  Result<std::size_t> fill(std::vector<char>& buffer, std::size_t used);

  int descriptor_;
  std::string path_;
  std::uint64_t total_bytes_;
  std::mutex mutex_;
  std::string rest_;  ///< the start of the line that the last block broke off in
  std::size_t blocks_ = 0;
  bool ended_ = false;
  std::atomic<std::uint64_t> bytes_{0};
};

}  // namespace junction
