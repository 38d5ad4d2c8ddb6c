#include "tools/output/write_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <ostream>
#include <sstream>
#include <string_view>

#include "junction/ascii.hpp"

namespace junctionctl {
namespace {

using junction::Error;
using junction::ErrorKind;
using junction::Result;

Error cannot_write(const std::string& path, int number) {
  return {ErrorKind::io, fmt::format("could not write {}: {}", path, std::strerror(number))};
}

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

// "/dev/stdout" and its like name what is open already, be it a file: that one is neither to be replaced nor
// begun anew.
std::optional<int> open_descriptor(std::string_view path) {
  if (path == "/dev/stdout") return STDOUT_FILENO;
  if (path == "/dev/stderr") return STDERR_FILENO;
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"})
    if (path.starts_with(folder)) return junction::whole_number<int>(path.substr(folder.size()));
  return std::nullopt;
}

Result<void> write_to(int descriptor, const std::string& path, const std::string& text) {
  for (std::string_view rest = text; !rest.empty();) {
    const ssize_t written = ::write(descriptor, rest.data(), rest.size());
    if (written < 0 && errno != EINTR) return cannot_write(path, errno);
    rest.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
  }
  return {};
}

// Devices and pipes cannot be replaced, nor need they be: there is no old content to keep.
bool is_stream(const std::string& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 && !S_ISREG(found.st_mode) && !S_ISDIR(found.st_mode);
}

// What a new file gets, or what the one that it replaces has.
mode_t mode_for(const std::string& path) {
  struct stat old {};
  if (::lstat(path.c_str(), &old) == 0 && S_ISREG(old.st_mode)) return old.st_mode & 0777;
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

Result<void> write_to(const std::string& file_path, const std::string& path,
                      const std::function<void(std::ostream&)>& write) {
  errno = 0;
  std::ofstream file(file_path, std::ios::binary | std::ios::trunc);
  if (file) write(file);
  file.close();
  if (!file) return cannot_write(path, errno);
  return {};
}

}  // namespace

Result<void> check_writable(const std::string& path) {
  if (path.empty()) return {};
  if (const auto descriptor = open_descriptor(path)) {
    const int flags = ::fcntl(*descriptor, F_GETFL);
    if (flags < 0) return cannot_write(path, errno);
    return (flags & O_ACCMODE) == O_RDONLY ? cannot_write(path, EBADF) : Result<void>();
  }
  std::error_code unknown;
  if (std::filesystem::is_directory(path, unknown)) return cannot_write(path, EISDIR);
  if (is_stream(path)) return ::access(path.c_str(), W_OK) == 0 ? Result<void>() : cannot_write(path, errno);
  if (::access(path.c_str(), W_OK) != 0 && errno != ENOENT) return cannot_write(path, errno);
  if (::access(folder_of(path).c_str(), W_OK | X_OK) == 0) return {};
  return cannot_write(path, errno);
}

Result<void> write_file(const std::string& path, const std::function<void(std::ostream&)>& write) {
  if (const auto descriptor = open_descriptor(path)) {
    std::ostringstream text;
    write(text);
    return write_to(*descriptor, path, text.str());
  }
  if (is_stream(path)) return write_to(path, path, write);
  if (auto possible = check_writable(path); !possible) return possible;
  const mode_t mode = mode_for(path);
  std::string beside = path + ".XXXXXX";
  const int descriptor = ::mkstemp(beside.data());
  if (descriptor < 0) return cannot_write(path, errno);
  ::fchmod(descriptor, mode);
  ::close(descriptor);
  Result<void> written = write_to(beside, path, write);
  if (written && ::rename(beside.c_str(), path.c_str()) != 0) written = cannot_write(path, errno);
  if (!written) ::unlink(beside.c_str());
  return written;
}

}  // namespace junctionctl
