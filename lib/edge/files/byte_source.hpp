#pragma once

#include <cstddef>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "junction/result.hpp"
#include "junction/stop.hpp"

namespace junction {

/// Bytes that come one after the other, each of them once.
class ByteSource {
 public:
  ByteSource() = default;
  virtual ~ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  /// At most `size` bytes to where `to` points, however few there are just now; 0 at the end.
  virtual Result<std::size_t> read(char* to, std::size_t size) = 0;
};

/// Closes what it holds, but for standard input.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept { return std::swap(number_, other.number_), *this; }
  ~Descriptor();
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

/// Opens a file for reading, or takes standard input for "-"; not a folder. It does not wait for the writer
/// of a FIFO: open_source() does.
Result<Descriptor> open_to_read(const std::string& path);

/// What a descriptor gives from where it stands. Once `stop`, which may be null, is requested, it is at its
/// end, however long its next byte takes.
std::unique_ptr<ByteSource> read_from(Descriptor descriptor, std::string path, const Stop* stop);
std::unique_ptr<ByteSource> read_from(std::istream& in, std::string path);

/// `beginning` once more, and then the rest.
std::unique_ptr<ByteSource> replay(std::string beginning, std::unique_ptr<ByteSource> rest);

/// What `source` holds, from its beginning up to `size` bytes or its end.
Result<std::string> read_up_to(ByteSource& source, std::size_t size);

/// How a file is called in messages: its path, or "standard input".
std::string source_name(const std::string& path);

/// Why a file could not be read; `error` is an errno.
[[nodiscard]] Error cannot_read(const std::string& path, int error);

}  // namespace junction
