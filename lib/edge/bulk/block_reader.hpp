#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "edge/files/byte_source.hpp"
#include "junction/result.hpp"
#include "junction/stop.hpp"

namespace junction {

/// Whole lines of a file, each with its line end (a last line without one gets it); possibly none. `buffer`
/// holds them and belongs to one thread, which hands it in again for the next block.
struct LineBlock {
  std::vector<char> buffer;
  std::string_view text;
  std::size_t index = 0;     ///< of the block in the file, from 0
  std::uint64_t offset = 0;  ///< of the text in the file
};

/// Deals a text out in blocks to any number of threads. Of a file each thread reads its own blocks, at the
/// same time as the others; what comes through a pipe, or has to be decoded (see text_of()), they read in
/// turn. Reading rather than mapping: a log that is truncated while it is read would kill a process that maps
/// it, a pipe cannot be mapped, and it takes no longer.
class BlockReader {
 public:
  static constexpr std::size_t block_size = std::size_t{64} * 1024;  ///< stays in a core's own cache
  static constexpr std::size_t longest_line = std::size_t{16} * 1024 * 1024;

  /// "-" is standard input. Once `stop` is requested, a pipe is at its end, however long its next byte takes;
  /// it may be null.
  static Result<BlockReader> open(const std::string& path, const Stop* stop);
  /// What else there is to read; `path` names it in messages.
  static Result<BlockReader> open(std::unique_ptr<ByteSource> bytes, const std::string& path);
  BlockReader(BlockReader&& other) noexcept;
  ~BlockReader() = default;
  BlockReader& operator=(BlockReader&&) = delete;

  /// Fills `block`; false at the end. After an error all threads are at the end.
  Result<bool> next(LineBlock& block);

  /// Of the text, 64 KiB or all there is: to see what it is. It is dealt out like the rest.
  [[nodiscard]] std::string_view beginning() const { return beginning_; }
  /// Whether a pipe's beginning, which has come already, is still to be dealt out.
  [[nodiscard]] bool holds_beginning() const { return source_ && blocks_ == 0 && !beginning_.empty(); }

  [[nodiscard]] std::uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t total_bytes() const { return total_bytes_; }  ///< 0: unknown

 private:
  BlockReader(std::string path, const Stop* stop);
  Result<bool> begin_file();
  Result<void> begin_source(std::unique_ptr<ByteSource> bytes);
  Result<bool> next_of_file(LineBlock& block);
  Result<bool> next_of_source(LineBlock& block);
  Result<std::size_t> read_line_end(std::uint64_t from, std::vector<char>& buffer, std::size_t used,
                                    bool at_end) const;
  Result<std::size_t> read_at(std::uint64_t offset, char* to, std::size_t size) const;
  [[nodiscard]] Error too_long() const;

  std::string path_;
  const Stop* stop_;
  std::string beginning_;
  Descriptor file_{-1};                 ///< whose blocks are read each for itself; or else
  std::unique_ptr<ByteSource> source_;  ///< is set
  std::uint64_t start_ = 0;             ///< where a file's first block begins
  std::uint64_t total_bytes_ = 0;
  std::atomic<std::uint64_t> bytes_{0};
  std::atomic<std::size_t> blocks_{0};
  std::atomic<bool> ended_{false};
  std::mutex source_mutex_;
  std::string rest_;               ///< of a source: the start of the line that the last block broke off in
  std::uint64_t rest_offset_ = 0;  ///< where that is in it
};

}  // namespace junction
