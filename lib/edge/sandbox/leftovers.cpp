#include "edge/sandbox/leftovers.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "junction/ascii.hpp"

namespace junction::sandbox {
namespace {

constexpr std::string_view name_start = "junctionctl-sandbox-";
constexpr std::size_t random_letters = 6;

/// What a sandbox may have put into its directory.
constexpr std::array file_names{"kubeconfig"};

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

class File {
 public:
  explicit File(int number) : number_(number) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

/// The process in "junctionctl-sandbox-4711-Xa3b0q"; nothing where that is not the name's shape.
std::optional<pid_t> process_of(std::string_view name) {
  if (!name.starts_with(name_start)) return std::nullopt;
  name.remove_prefix(name_start.size());
  const auto dash = name.find('-');
  if (dash == std::string_view::npos || name.size() - dash - 1 != random_letters) return std::nullopt;
  const auto process = whole_number<pid_t>(name.substr(0, dash));
  return process && *process > 0 ? process : std::nullopt;
}

bool is_gone(pid_t process) {
  return ::kill(process, 0) != 0 && errno == ESRCH;
}

bool lock(int folder) {
  return ::flock(folder, LOCK_EX | LOCK_NB) == 0;
}

/// Ours alone, and what its name says: checked on the open folder, which nobody can exchange any more.
bool is_ours(int folder) {
  struct stat facts {};
  return ::fstat(folder, &facts) == 0 && S_ISDIR(facts.st_mode) && facts.st_uid == ::geteuid() &&
         (facts.st_mode & 0077) == 0;
}

bool sweep(int root, const std::string& name) {
  const auto process = process_of(name);
  if (!process || !is_gone(*process)) return false;
  const File folder(::openat(root, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (folder.number() < 0 || !is_ours(folder.number()) || !lock(folder.number())) return false;
  for (const char* const file : file_names)
    ::unlinkat(folder.number(), file, 0);  // a link is removed, not followed
  return ::unlinkat(root, name.c_str(), AT_REMOVEDIR) == 0;
}

/// Whether `path` still leads to the open folder: another sandbox's sweep may have come between making and
/// locking.
bool is_at(const std::string& path, int folder) {
  struct stat open {
  }, named{};
  return ::fstat(folder, &open) == 0 && ::lstat(path.c_str(), &named) == 0 && open.st_dev == named.st_dev &&
         open.st_ino == named.st_ino;
}

}  // namespace

Result<WorkDirectory> WorkDirectory::create(const std::string& root) {
  constexpr int attempts = 10;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    std::string path = fmt::format("{}/{}{}-XXXXXX", root, name_start, ::getpid());
    if (!::mkdtemp(path.data()))
      return Error{ErrorKind::io, fmt::format("could not make {}: {}", path, std::strerror(errno))};
    const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder >= 0 && lock(folder) && is_at(path, folder)) return WorkDirectory(path, folder);
    if (folder >= 0) ::close(folder);
    ::rmdir(path.c_str());
  }
  return Error{ErrorKind::io,
               fmt::format("could not lock a directory below {}: name a kubeconfig elsewhere", root)};
}

WorkDirectory::WorkDirectory(WorkDirectory&& other) noexcept
    : path_(std::exchange(other.path_, {})), lock_(std::exchange(other.lock_, -1)) {}

WorkDirectory::~WorkDirectory() {
  if (!path_.empty()) ::rmdir(path_.c_str());
  if (lock_ >= 0) ::close(lock_);
}

std::size_t sweep_leftovers(const std::string& root) {
  const std::unique_ptr<DIR, CloseFolder> folder(::opendir(root.c_str()));
  if (!folder) return 0;
  std::vector<std::string> names;
  while (const dirent* const entry = ::readdir(folder.get()))
    if (process_of(entry->d_name)) names.emplace_back(entry->d_name);
  std::size_t swept = 0;
  for (const std::string& name : names)
    if (sweep(::dirfd(folder.get()), name)) ++swept;
  return swept;
}

}  // namespace junction::sandbox
