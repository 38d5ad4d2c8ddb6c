#include "edge/files/inflate_source.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace junction {
namespace {

class Inflated final : public ByteSource {
 public:
  Inflated(std::unique_ptr<ByteSource> gzip, std::string path)
      : gzip_(std::move(gzip)), path_(std::move(path)) {
    constexpr int gzip_with_any_window = 15 + 16;
    good_ = inflateInit2(&stream_, gzip_with_any_window) == Z_OK;
  }
  ~Inflated() override { inflateEnd(&stream_); }

  Result<std::size_t> read(char* to, std::size_t size) override {
    size = std::min<std::size_t>(size, std::numeric_limits<uInt>::max());
    stream_.next_out = reinterpret_cast<Bytef*>(to);
    stream_.avail_out = static_cast<uInt>(size);
    while (!ended_ && good_ && stream_.avail_out == size) {
      if (stream_.avail_in == 0) {
        const auto more = refill();
        if (!more) return more.error();
        if (!*more) break;
      }
      if (auto stepped = step(); !stepped) return std::move(stepped).error();
    }
    return size - stream_.avail_out;
  }

 private:
  // False at the end, which must lie between two parts.
  Result<bool> refill() {
    const auto got = gzip_->read(input_.data(), input_.size());
    if (!got) return got.error();
    stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
    stream_.avail_in = static_cast<uInt>(*got);
    ended_ = *got == 0;
    if (ended_ && in_a_part_) return damaged("its gzip data breaks off: was it copied whole?");
    return !ended_;
  }

  Result<void> step() {
    if (!in_a_part_ && *stream_.next_in != 0x1f) {  // padding, as on a tape, and what gzip too passes over
      ended_ = true;
      return {};
    }
    in_a_part_ = true;
    const int done = inflate(&stream_, Z_NO_FLUSH);
    if (done == Z_STREAM_END) {
      in_a_part_ = false;
      good_ = inflateReset(&stream_) == Z_OK;
    } else if (done != Z_OK && done != Z_BUF_ERROR) {
      return damaged(fmt::format("its gzip data is damaged ({})", stream_.msg ? stream_.msg : "zlib"));
    }
    return {};
  }

  [[nodiscard]] Error damaged(std::string_view why) const {
    return {ErrorKind::invalid, fmt::format("cannot read '{}': {}", path_, why)};
  }

  std::unique_ptr<ByteSource> gzip_;
  std::string path_;
  std::vector<char> input_ = std::vector<char>(65536);
  z_stream stream_{};
  bool good_ = false, in_a_part_ = true, ended_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> inflated(std::unique_ptr<ByteSource> gzip, std::string path) {
  return std::make_unique<Inflated>(std::move(gzip), std::move(path));
}

}  // namespace junction
