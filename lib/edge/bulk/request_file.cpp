#include "junction/request_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "edge/bulk/block_reader.hpp"

namespace junction {

class RequestFile::Impl {
 public:
  Impl(BlockReader reader, const std::string& path) : reader_(std::move(reader)), name_(source_name(path)) {}

  Result<std::optional<LineRequest>> next(std::string_view parameter) {
    while (true) {
      while (rest_.empty()) {
        const auto more = reader_.next(block_);
        if (!more) return more.error();
        if (!*more) return std::optional<LineRequest>{};
        rest_ = block_.text;
      }
      const std::string_view line = rest_.substr(0, rest_.find('\n'));
      rest_.remove_prefix(line.size() + 1);
      ++lines_;
      auto request = parse_request_line(line, parameter);
      if (!request) return invalid_error(fmt::format("{}:{}: {}", name_, lines_, request.error().message));
      if (*request) return request;
      ++skipped_;
    }
  }

  [[nodiscard]] std::uint64_t skipped() const { return skipped_; }

 private:
  BlockReader reader_;
  std::string name_;
  LineBlock block_;
  std::string_view rest_;  ///< of the block: lines, each with its end
  std::uint64_t lines_ = 0, skipped_ = 0;
};

Result<RequestFile> RequestFile::open(const std::string& path, std::istream& standard_input) {
  auto reader = path == "-" ? BlockReader::open(read_from(standard_input, path), path)
                            : BlockReader::open(path, nullptr);
  if (!reader) return std::move(reader).error();
  return RequestFile(std::make_unique<Impl>(std::move(*reader), path));
}

RequestFile::RequestFile(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RequestFile::RequestFile(RequestFile&&) noexcept = default;
RequestFile& RequestFile::operator=(RequestFile&&) noexcept = default;
RequestFile::~RequestFile() = default;

Result<std::optional<LineRequest>> RequestFile::next(std::string_view parameter) {
  return impl_->next(parameter);
}

std::uint64_t RequestFile::skipped() const {
  return impl_->skipped();
}

}  // namespace junction
