#include "edge/files/text_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/text/encoding.hpp"
#include "edge/files/inflate_source.hpp"

namespace junction {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view gzip_magic = "\x1f\x8b"sv;

/// Decodes piece by piece.
class FromUtf16 final : public ByteSource {
 public:
  FromUtf16(std::unique_ptr<ByteSource> bytes, bool big_endian, const std::string& path)
      : bytes_(std::move(bytes)), decoder_(big_endian), name_(source_name(path)) {}

  Result<std::size_t> read(char* to, std::size_t size) override {
    while (used_ == text_.size() && !ended_) {
      const auto got = bytes_->read(piece_.data(), piece_.size());
      if (!got) return got.error();
      text_.clear();
      used_ = 0;
      ended_ = *got == 0;
      decoder_.add({piece_.data(), *got}, text_);
      if (ended_ && !decoder_.finish(text_))
        return invalid_error(fmt::format("{}:{}: incomplete UTF-16 character", name_, line_));
      line_ += static_cast<std::size_t>(std::count(text_.begin(), text_.end(), '\n'));
    }
    const std::size_t taken = text_.copy(to, size, used_);
    used_ += taken;
    return taken;
  }

 private:
  std::unique_ptr<ByteSource> bytes_;
  Utf16Decoder decoder_;
  std::array<char, 16384> piece_;
  std::string text_, name_;
  std::size_t used_ = 0, line_ = 1;
  bool ended_ = false;
};

/// The program that compressed what begins so, and what reads it; nothing: none, or gzip.
struct Compressed {
  std::string_view magic, program, reader;
};
constexpr std::array<Compressed, 6> compressed{{
    {"\x28\xb5\x2f\xfd"sv, "zstd", "zstd -dc FILE"},
    {"\xfd\x37zXZ\0"sv, "xz", "xz -dc FILE"},
    {"BZh91AY&SY"sv, "bzip2", "bzip2 -dc FILE"},
    {"\x04\x22\x4d\x18"sv, "lz4", "lz4 -dc FILE"},
    {"PK\x03\x04"sv, "zip", "unzip -p FILE"},
    {"\x1f\x9d"sv, "compress", "gzip -dc FILE"},
}};

std::string quoted_name(const std::string& path) {
  return path == "-" ? source_name(path) : fmt::format("'{}'", path);
}

Result<std::unique_ptr<ByteSource>> decoded(std::unique_ptr<ByteSource> bytes, const std::string& path,
                                            int inflations) {
  auto read = read_up_to(*bytes, text_beginning);
  if (!read) return std::move(read).error();
  std::string beginning = std::move(*read);
  if (beginning.starts_with(gzip_magic) && inflations > 0)
    return decoded(inflated(replay(std::move(beginning), std::move(bytes)), path), path, inflations - 1);
  const auto found = std::find_if(compressed.begin(), compressed.end(),
                                  [&](const Compressed& how) { return beginning.starts_with(how.magic); });
  if (found != compressed.end())
    return Error{ErrorKind::invalid,
                 fmt::format("{} is compressed by {}: read it through a pipe, as {} | junctionctl ... -",
                             quoted_name(path), found->program, found->reader)};
  const EncodedAs as = encoding_of(beginning);
  if (as.encoding == TextEncoding::utf32)
    return Error{ErrorKind::invalid,
                 fmt::format("{} is UTF-32: read it through a pipe, as iconv -f UTF-32 -t UTF-8 FILE | "
                             "junctionctl ... -",
                             quoted_name(path))};
  beginning.erase(0, as.mark);
  auto rest = replay(std::move(beginning), std::move(bytes));
  if (as.encoding == TextEncoding::utf8) return rest;
  return std::unique_ptr<ByteSource>(
      std::make_unique<FromUtf16>(std::move(rest), as.encoding == TextEncoding::utf16_be, path));
}

}  // namespace

std::optional<std::size_t> plain_text_at(std::string_view beginning) {
  const bool packed = beginning.starts_with(gzip_magic) ||
                      std::any_of(compressed.begin(), compressed.end(),
                                  [&](const Compressed& how) { return beginning.starts_with(how.magic); });
  const EncodedAs as = encoding_of(beginning);
  if (packed || as.encoding != TextEncoding::utf8) return std::nullopt;
  return as.mark;
}

Result<std::unique_ptr<ByteSource>> text_of(std::unique_ptr<ByteSource> bytes, const std::string& path) {
  return decoded(std::move(bytes), path, 2);
}

}  // namespace junction
