#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "junction/result.hpp"

namespace junction::sandbox {

/// A private directory below a folder for temporary files, named "junctionctl-sandbox-<pid>-XXXXXX" and
/// locked as long as its sandbox lives: a lock goes with its process, however that ends, and so tells the
/// living from the dead.
class WorkDirectory {
 public:
  static Result<WorkDirectory> create(const std::string& root);

  WorkDirectory(WorkDirectory&& other) noexcept;
  WorkDirectory& operator=(WorkDirectory&&) = delete;
  ~WorkDirectory();  ///< removes it, where it is empty

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  WorkDirectory(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}

  std::string path_;
  int lock_;
};

/// Removes what sandboxes that were killed have left below `root`: their kubeconfig, with the token in it,
/// and their directory. Nothing is touched that is another user's, whose process lives, that is locked, that
/// is no directory of that name, or is reached by a symbolic link. Returns how many went.
std::size_t sweep_leftovers(const std::string& root);

}  // namespace junction::sandbox
