#include "edge/bulk/block_reader.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/bulk/line_scan.hpp"
#include "edge/files/text_source.hpp"

namespace junction {
namespace {

// Room for `size` bytes, a line end, and what the scanner may read behind them.
void make_room(std::vector<char>& buffer, std::size_t size) {
  if (buffer.size() < size + 1 + line_scan_slack) buffer.resize(size + 1 + line_scan_slack);
}

}  // namespace

Result<BlockReader> BlockReader::open(const std::string& path, const Stop* stop) {
  auto descriptor = open_to_read(path);
  if (!descriptor) return std::move(descriptor).error();
  BlockReader reader(path, stop);
  reader.file_ = std::move(*descriptor);
  const auto is_plain_file = reader.begin_file();
  if (!is_plain_file) return is_plain_file.error();
  if (!*is_plain_file)
    if (auto begun = reader.begin_source(read_from(std::move(reader.file_), path, stop)); !begun)
      return std::move(begun).error();
  return reader;
}

Result<BlockReader> BlockReader::open(std::unique_ptr<ByteSource> bytes, const std::string& path) {
  BlockReader reader(path, nullptr);
  if (auto begun = reader.begin_source(std::move(bytes)); !begun) return std::move(begun).error();
  return reader;
}

BlockReader::BlockReader(std::string path, const Stop* stop) : path_(std::move(path)), stop_(stop) {}

BlockReader::BlockReader(BlockReader&& other) noexcept
    : path_(std::move(other.path_)),
      stop_(other.stop_),
      beginning_(std::move(other.beginning_)),
      file_(std::move(other.file_)),
      source_(std::move(other.source_)),
      start_(other.start_),
      total_bytes_(other.total_bytes_) {}

// False for what is no file, and for one that has to be decoded.
Result<bool> BlockReader::begin_file() {
  struct stat status {};
  if (fstat(file_.number(), &status) != 0) return cannot_read(path_, errno);
  const off_t start = S_ISREG(status.st_mode) ? lseek(file_.number(), 0, SEEK_CUR) : -1;
  if (start < 0) return false;
  start_ = static_cast<std::uint64_t>(start);
  beginning_.resize(text_beginning);
  const auto read = read_at(start_, beginning_.data(), beginning_.size());
  if (!read) return read.error();
  beginning_.resize(*read);
  const auto text = plain_text_at(beginning_);
  if (!text) return false;
  beginning_.erase(0, *text);
  start_ += *text;
  total_bytes_ = static_cast<std::uint64_t>(std::max<off_t>(status.st_size - start, 0));
  return true;
}

Result<void> BlockReader::begin_source(std::unique_ptr<ByteSource> bytes) {
  auto text = text_of(std::move(bytes), path_);
  if (!text) return std::move(text).error();
  auto beginning = read_up_to(**text, text_beginning);
  if (!beginning) return std::move(beginning).error();
  beginning_ = std::move(*beginning);
  source_ = replay(beginning_, std::move(*text));
  return {};
}

Result<bool> BlockReader::next(LineBlock& block) {
  if (ended_) return false;
  auto more = source_ ? next_of_source(block) : next_of_file(block);
  if (!more) ended_ = true;
  return more;
}

// As many bytes as asked for, unless the file ends.
Result<std::size_t> BlockReader::read_at(std::uint64_t offset, char* to, std::size_t size) const {
  std::size_t used = 0;
  while (used < size) {
    const ssize_t got = pread(file_.number(), to + used, size - used, static_cast<off_t>(offset + used));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot_read(path_, errno);
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
  }
  return used;
}

Error BlockReader::too_long() const {
  return {ErrorKind::invalid, fmt::format("'{}' has a line of more than {} MiB: is it a requests file?",
                                          source_name(path_), longest_line / 1024 / 1024)};
}

// A line belongs to the block that its first byte lies in. So the block is read from the byte in front of it,
// to see whether a line starts there, and on behind its end until its last line is whole.
Result<bool> BlockReader::next_of_file(LineBlock& block) {
  block.index = blocks_.fetch_add(1, std::memory_order_relaxed);
  const std::size_t in_front = block.index == 0 ? 0 : 1;
  const std::size_t wanted = block_size + in_front;
  const std::uint64_t from = start_ + std::uint64_t{block.index} * block_size - in_front;
  make_room(block.buffer, wanted);
  const auto used = read_at(from, block.buffer.data(), wanted);
  if (!used) return used.error();
  if (*used <= in_front) return false;
  bytes_.fetch_add(*used - in_front, std::memory_order_relaxed);
  const std::string_view read(block.buffer.data(), *used);
  const std::size_t first = in_front == 0 ? 0 : read.find('\n') + 1;  // 0 where there is none
  block.offset = from + first;
  block.text = {};
  if (first < in_front || first == *used) return true;  // all of it belongs to a line of an earlier block
  const auto end = read.back() == '\n' ? used : read_line_end(from, block.buffer, *used, *used < wanted);
  if (!end) return end.error();
  block.text = std::string_view(block.buffer.data(), *end).substr(first);
  return true;
}

// The buffer holds `used` bytes of the file from `from` on: reads on until a line has ended, or the file, and
// returns how many bytes that takes.
Result<std::size_t> BlockReader::read_line_end(std::uint64_t from, std::vector<char>& buffer,
                                               std::size_t used, bool at_end) const {
  constexpr std::size_t step = 1024;
  while (!at_end) {
    const std::size_t wanted = std::max(step, used - block_size);
    make_room(buffer, used + wanted);
    const auto got = read_at(from + used, buffer.data() + used, wanted);
    if (!got) return got.error();
    const std::size_t end = std::string_view(buffer.data() + used, *got).find('\n');
    const bool found = end != std::string_view::npos;
    used += found ? end + 1 : *got;
    if (used > block_size + longest_line) return too_long();
    if (found) return used;
    at_end = *got < wanted;
  }
  buffer[used] = '\n';
  return used + 1;
}

// Whatever the source gives at once is enough for a block, unless it breaks off in its first line.
Result<bool> BlockReader::next_of_source(LineBlock& block) {
  const std::lock_guard lock(source_mutex_);
  if (ended_) return false;
  make_room(block.buffer, std::max(block_size, 2 * rest_.size()));
  std::copy(rest_.begin(), rest_.end(), block.buffer.begin());
  std::size_t used = rest_.size();
  std::size_t whole = 0;
  while (whole == 0) {
    if (used > longest_line) return too_long();
    make_room(block.buffer, used + block_size / 2);
    const auto got =
        source_->read(block.buffer.data() + used, block.buffer.size() - 1 - line_scan_slack - used);
    if (!got) return got.error();
    bytes_.fetch_add(*got, std::memory_order_relaxed);
    ended_ = *got == 0;
    const bool stopped = stop_ && stop_->requested();  // the line at hand need not be whole
    if (ended_ && (used == 0 || stopped)) return false;
    const std::size_t searched = used;
    used += *got;
    if (ended_) block.buffer[used++] = '\n';  // the last line had none, or it would not have been left over
    whole = std::string_view(block.buffer.data(), used).substr(searched).rfind('\n') + 1;
    if (whole != 0) whole += searched;
  }
  block.text = {block.buffer.data(), whole};
  block.offset = std::exchange(rest_offset_, rest_offset_ + whole);
  rest_.assign(block.buffer.data() + whole, used - whole);
  block.index = blocks_++;
  return true;
}

}  // namespace junction
