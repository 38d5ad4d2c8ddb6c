#include "edge/bulk/block_reader.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/line_scan.hpp"

namespace junction {
namespace {

Error cannot_read(const std::string& path, int error) {
  const ErrorKind kind = error == ENOENT ? ErrorKind::not_found : ErrorKind::io;
  return {kind, fmt::format("cannot read '{}': {}", path, std::strerror(error))};
}

}  // namespace

Result<BlockReader> BlockReader::open(const std::string& path) {
  const int descriptor = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status {};
  if (descriptor < 0 || fstat(descriptor, &status) != 0) return cannot_read(path, errno);
  if (S_ISDIR(status.st_mode)) {
    if (descriptor != STDIN_FILENO) close(descriptor);
    return cannot_read(path, EISDIR);
  }
  return BlockReader(descriptor, path,
                     S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) : 0);
}

BlockReader::BlockReader(int descriptor, std::string path, std::uint64_t total)
    : descriptor_(descriptor), path_(std::move(path)), total_bytes_(total) {}

BlockReader::BlockReader(BlockReader&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      path_(std::move(other.path_)),
      total_bytes_(other.total_bytes_) {}

BlockReader::~BlockReader() {
  if (descriptor_ > STDIN_FILENO) close(descriptor_);
}

// Reads behind the `used` bytes until the buffer is full or the input ends.
Result<std::size_t> BlockReader::fill(std::vector<char>& buffer, std::size_t used) {
  const std::size_t capacity = buffer.size() - line_scan_slack;
  while (used < capacity) {
    const ssize_t got = read(descriptor_, buffer.data() + used, capacity - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot_read(path_, errno);
    if (got == 0) {
      ended_ = true;
      break;
    }
    used += static_cast<std::size_t>(got);
    bytes_.fetch_add(static_cast<std::uint64_t>(got), std::memory_order_relaxed);
    if (total_bytes_ == 0) break;  // a pipe: what is there now is enough, unless it breaks off in a line
  }
  return used;
}

Result<bool> BlockReader::next(LineBlock& block) {
  const std::lock_guard lock(mutex_);
  if (ended_ && rest_.empty()) return false;
  std::vector<char>& buffer = block.buffer;
  buffer.resize(std::max({buffer.size(), block_size + line_scan_slack, 2 * rest_.size() + line_scan_slack}));
  std::copy(rest_.begin(), rest_.end(), buffer.begin());
  std::size_t used = rest_.size();
  rest_.clear();
  std::size_t whole = 0;
  while (whole == 0) {
    if (used > longest_line) {
      ended_ = true;
      return Error{ErrorKind::invalid,
                   fmt::format("'{}' has a line of more than {} MiB: is it a requests file?", path_,
                               longest_line / 1024 / 1024)};
    }
    if (used + 1 >= buffer.size() - line_scan_slack) buffer.resize(2 * buffer.size());
    const auto filled = ended_ ? Result<std::size_t>(used) : fill(buffer, used);
    if (!filled) return ended_ = true, filled.error();
    used = *filled;
    if (ended_) {
      if (used == 0) return false;
      if (buffer[used - 1] != '\n') buffer[used++] = '\n';
    }
    const std::string_view text(buffer.data(), used);
    whole = text.rfind('\n') + 1;  // 0 where there is none
    rest_ = text.substr(whole);
    if (whole == 0) rest_.clear();
  }
  block.text = {buffer.data(), whole};
  block.index = blocks_++;
  return true;
}

}  // namespace junction
