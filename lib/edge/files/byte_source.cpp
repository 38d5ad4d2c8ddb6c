#include "edge/files/byte_source.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <istream>
#include <utility>

namespace junction {
namespace {

class FromDescriptor final : public ByteSource {
 public:
  FromDescriptor(Descriptor descriptor, std::string path, const Stop* stop)
      : descriptor_(std::move(descriptor)), path_(std::move(path)), stop_(stop) {}

  Result<std::size_t> read(char* to, std::size_t size) override {
    while (wait_for_input()) {
      const ssize_t got = ::read(descriptor_.number(), to, size);
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR && errno != EAGAIN) return cannot_read(path_, errno);
    }
    return std::size_t{0};
  }

 private:
  // False where it is to stop.
  [[nodiscard]] bool wait_for_input() const {
    std::array<pollfd, 2> ready{
        {{descriptor_.number(), POLLIN, 0}, {stop_ ? stop_->descriptor() : -1, POLLIN, 0}}};
    while (!stop_ || !stop_->requested())
      if (poll(ready.data(), ready.size(), -1) > 0 && ready[0].revents != 0) return true;
    return false;
  }

  Descriptor descriptor_;
  std::string path_;
  const Stop* stop_;
};

class FromStream final : public ByteSource {
 public:
  FromStream(std::istream& in, std::string path) : in_(in), path_(std::move(path)) {}

  Result<std::size_t> read(char* to, std::size_t size) override {
    in_.read(to, static_cast<std::streamsize>(size));
    if (in_.bad()) return cannot_read(path_, EIO);
    return static_cast<std::size_t>(in_.gcount());
  }

 private:
  std::istream& in_;
  std::string path_;
};

class Replay final : public ByteSource {
 public:
  Replay(std::string beginning, std::unique_ptr<ByteSource> rest)
      : beginning_(std::move(beginning)), rest_(std::move(rest)) {}

  Result<std::size_t> read(char* to, std::size_t size) override {
    if (used_ == beginning_.size()) return rest_->read(to, size);
    const std::size_t taken = beginning_.copy(to, size, used_);
    used_ += taken;
    return taken;
  }

 private:
  std::string beginning_;
  std::size_t used_ = 0;
  std::unique_ptr<ByteSource> rest_;
};

}  // namespace

Descriptor::~Descriptor() {
  if (number_ > STDIN_FILENO) close(number_);
}

Result<Descriptor> open_to_read(const std::string& path) {
  // A FIFO that nobody writes to yet would hold up a blocking open(), and nothing could stop that.
  Descriptor descriptor(path == "-" ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (descriptor.number() < 0 || fstat(descriptor.number(), &status) != 0) return cannot_read(path, errno);
  if (S_ISDIR(status.st_mode)) return cannot_read(path, EISDIR);
  return descriptor;
}

std::unique_ptr<ByteSource> read_from(Descriptor descriptor, std::string path, const Stop* stop) {
  return std::make_unique<FromDescriptor>(std::move(descriptor), std::move(path), stop);
}

std::unique_ptr<ByteSource> read_from(std::istream& in, std::string path) {
  return std::make_unique<FromStream>(in, std::move(path));
}

std::unique_ptr<ByteSource> replay(std::string beginning, std::unique_ptr<ByteSource> rest) {
  return std::make_unique<Replay>(std::move(beginning), std::move(rest));
}

Result<std::string> read_up_to(ByteSource& source, std::size_t size) {
  constexpr std::size_t step = 65536;
  std::string bytes;
  while (bytes.size() < size) {
    const std::size_t before = bytes.size();
    bytes.resize(std::min(before + step, size));
    auto got = source.read(bytes.data() + before, bytes.size() - before);
    if (!got) return std::move(got).error();
    bytes.resize(before + *got);
    if (*got == 0) break;
  }
  return bytes;
}

std::string source_name(const std::string& path) {
  return path == "-" ? "standard input" : path;
}

Error cannot_read(const std::string& path, int error) {
  const ErrorKind kind = error == ENOENT ? ErrorKind::not_found : ErrorKind::io;
  return {kind, fmt::format("cannot read '{}': {}", source_name(path), std::strerror(error))};
}

}  // namespace junction
