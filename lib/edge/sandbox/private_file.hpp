#pragma once

#include <string>

#include "junction/result.hpp"

namespace junction::sandbox {

/// A file that only its owner may read (mode 0600), removed when this goes away, with the directory made for
/// it.
class PrivateFile {
 public:
  /// At `path`, which must not exist yet; empty: as `name` in a new directory (0700) below $XDG_RUNTIME_DIR,
  /// or else $TMPDIR or /tmp.
  static Result<PrivateFile> create(const std::string& path, const std::string& name,
                                    const std::string& content);

  PrivateFile(PrivateFile&& other) noexcept;
  PrivateFile& operator=(PrivateFile&&) = delete;
  ~PrivateFile();

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  PrivateFile(std::string path, std::string directory)
      : path_(std::move(path)), directory_(std::move(directory)) {}

  std::string path_;
  std::string directory_;  ///< to be removed too; empty: none
};

}  // namespace junction::sandbox
