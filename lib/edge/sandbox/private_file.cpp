#include "edge/sandbox/private_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace junction::sandbox {
namespace {

Error not_written(const std::string& path) {
  const char* const remedy = errno == EEXIST ? ": remove it, or name another file" : "";
  return {ErrorKind::io, fmt::format("could not write {}: {}{}", path, std::strerror(errno), remedy)};
}

std::string temporary_root() {
  for (const char* const name : {"XDG_RUNTIME_DIR", "TMPDIR"}) {
    const char* const value = std::getenv(name);
    if (value && *value == '/' && ::access(value, W_OK | X_OK) == 0) return value;
  }
  return "/tmp";
}

Result<std::string> make_directory() {
  std::string path = temporary_root() + "/junctionctl-sandbox-XXXXXX";
  if (!::mkdtemp(path.data())) return not_written(path);
  return path;
}

Result<void> write_new(const std::string& path, const std::string& content) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return not_written(path);
  ::fchmod(file, 0600);  // whatever the umask
  const bool written = ::write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size());
  if (::close(file) == 0 && written) return {};
  const Error error = not_written(path);
  ::unlink(path.c_str());
  return error;
}

}  // namespace

Result<PrivateFile> PrivateFile::create(const std::string& path, const std::string& name,
                                        const std::string& content) {
  std::string directory;
  if (path.empty()) {
    auto made = make_directory();
    if (!made) return std::move(made).error();
    directory = *std::move(made);
  }
  const std::string at = path.empty() ? directory + "/" + name : std::filesystem::absolute(path).string();
  PrivateFile file("", directory);  // removes the directory should writing fail
  if (auto written = write_new(at, content); !written) return std::move(written).error();
  file.path_ = at;
  return file;
}

PrivateFile::PrivateFile(PrivateFile&& other) noexcept
    : path_(std::exchange(other.path_, {})), directory_(std::exchange(other.directory_, {})) {}

PrivateFile::~PrivateFile() {
  if (!path_.empty()) ::unlink(path_.c_str());
  if (!directory_.empty()) ::rmdir(directory_.c_str());
}

}  // namespace junction::sandbox
