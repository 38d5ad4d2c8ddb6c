#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "junction/stop.hpp"
#include "junction/result.hpp"

namespace junction {

/// Whole lines of a file, each with its line end (a last line without one gets it); possibly none. `buffer`
/// holds them and belongs to one thread, which hands it in again for the next block.
struct LineBlock {
  std::vector<char> buffer;
  std::string_view text;
  std::size_t index = 0;     ///< of the block in the file, from 0
  std::uint64_t offset = 0;  ///< of the text in the file
};

/// Deals a file or pipe out in blocks to any number of threads. Of a file each thread reads its own blocks,
/// at the same time as the others; a pipe they read in turn. Reading rather than mapping: a log that is
/// truncated while it is read would kill a process that maps it, a pipe cannot be mapped, and it takes no
/// longer.
class BlockReader {
 public:
  static constexpr std::size_t block_size = std::size_t{64} * 1024;  ///< stays in a core's own cache
  static constexpr std::size_t longest_line = std::size_t{16} * 1024 * 1024;

  /// "-" is standard input. Once `stop` is requested, a pipe is at its end, however long its next byte takes;
  /// it may be null.
  static Result<BlockReader> open(const std::string& path, const Stop* stop);
  BlockReader(BlockReader&& other) noexcept;
  ~BlockReader();
  BlockReader& operator=(BlockReader&&) = delete;

  /// Fills `block`; false at the end. After an error all threads are at the end.
  Result<bool> next(LineBlock& block);

  [[nodiscard]] std::uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t total_bytes() const { return total_bytes_; }  ///< 0: unknown

 private:
  BlockReader(int descriptor, std::string path, const Stop* stop);
  Result<bool> next_of_file(LineBlock& block);
  Result<bool> next_of_pipe(LineBlock& block);
  Result<std::size_t> read_line_end(std::uint64_t from, std::vector<char>& buffer, std::size_t used,
                                    bool at_end) const;
  Result<std::size_t> read_at(std::uint64_t offset, char* to, std::size_t size) const;
  Result<std::size_t> read_some(char* to, std::size_t size) const;
  [[nodiscard]] bool wait_for_input() const;
  [[nodiscard]] Error too_long() const;

  int descriptor_;
  std::string path_;
  const Stop* stop_;
  bool is_file_ = false;
  std::uint64_t start_ = 0;  ///< where a file's first block begins
  std::uint64_t total_bytes_ = 0;
  std::atomic<std::uint64_t> bytes_{0};
  std::atomic<std::size_t> blocks_{0};
  std::atomic<bool> ended_{false};
  std::mutex pipe_mutex_;
  std::string rest_;               ///< of a pipe: the start of the line that the last block broke off in
  std::uint64_t rest_offset_ = 0;  ///< where that is in the pipe
};

}  // namespace junction
