#pragma once

#include <optional>
#include <string>
#include <utility>

#include "edge/sandbox/leftovers.hpp"
#include "junction/result.hpp"

namespace junction::sandbox {

/// A file that only its owner may read (mode 0600), removed when this goes away, with the directory made for
/// it.
class PrivateFile {
 public:
  /// At `path`, which must not exist yet; empty: as `name` in a new directory (0700) below $XDG_RUNTIME_DIR,
  /// or else $TMPDIR or /tmp, where what killed sandboxes have left is swept away first.
  static Result<PrivateFile> create(const std::string& path, const std::string& name,
                                    const std::string& content);

  PrivateFile(PrivateFile&& other) noexcept;
  PrivateFile& operator=(PrivateFile&&) = delete;
  ~PrivateFile();

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  PrivateFile(std::string path, std::optional<WorkDirectory> directory)
      : directory_(std::move(directory)), path_(std::move(path)) {}

  std::optional<WorkDirectory> directory_;  ///< made for the file; goes after it
  std::string path_;
};

}  // namespace junction::sandbox
