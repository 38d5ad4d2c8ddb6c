#include "edge/sandbox/private_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

#include "junction/try.hpp"

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
  std::optional<WorkDirectory> directory;
  if (path.empty()) {
    const std::string root = temporary_root();
    sweep_leftovers(root);
    JUNCTION_TRY_ASSIGN(WorkDirectory made, WorkDirectory::create(root));
    directory.emplace(std::move(made));
  }
  const std::string at =
      directory ? directory->path() + "/" + name : std::filesystem::absolute(path).string();
  JUNCTION_TRY(write_new(at, content));
  return PrivateFile(at, std::move(directory));
}

PrivateFile::PrivateFile(PrivateFile&& other) noexcept
    : directory_(std::move(other.directory_)), path_(std::exchange(other.path_, {})) {}

PrivateFile::~PrivateFile() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

}  // namespace junction::sandbox
