#include "junction/text_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "edge/files/byte_source.hpp"
#include "edge/files/text_source.hpp"

namespace junction {
namespace {

Result<std::string> read_whole(ByteSource& source, const std::string& path, std::size_t most) {
  auto bytes = read_up_to(source, most + 1);
  if (bytes && bytes->size() > most)
    return Error{ErrorKind::invalid,
                 fmt::format("cannot read '{}': it is larger than {} MiB, the most that is read of a file",
                             path, most >> 20)};
  return bytes;
}

Result<std::unique_ptr<ByteSource>> open(const std::string& path) {
  auto descriptor = open_to_read(path);
  if (!descriptor) return std::move(descriptor).error();
  return read_from(std::move(*descriptor), path, nullptr);
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t most) {
  auto source = open(path);
  if (!source) return std::move(source).error();
  return read_whole(**source, path, most);
}

Result<std::string> read_text(const std::string& path, std::size_t most) {
  auto source = open(path);
  if (!source) return std::move(source).error();
  auto text = text_of(std::move(*source), path);
  if (!text) return std::move(text).error();
  return read_whole(**text, path, most);
}

bool TextLines::next(std::string_view& line) {
  if (rest_.empty() || !result_) return false;
  ++number_;
  line = rest_.substr(0, rest_.find('\n'));
  rest_.remove_prefix(std::min(rest_.size(), line.size() + 1));
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.size() > longest)
    result_ = Error{ErrorKind::invalid,
                    fmt::format("{}: the line is longer than {} MiB: is it a list?", place(), longest >> 20)};
  return result_.ok();
}

std::string TextLines::place() const {
  return fmt::format("{}:{}", origin_, number_);
}

}  // namespace junction
