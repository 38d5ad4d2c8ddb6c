#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "junction/export.hpp"
#include "junction/result.hpp"

namespace junction {

/// How much is read of any file that is read whole; a device need not end.
inline constexpr std::size_t most_file_bytes = std::size_t{64} * 1024 * 1024;

/// The bytes of a file, as they are; "-" is standard input. Errors name the path and the system's reason, or
/// the limit, in one line.
JUNCTION_EXPORT Result<std::string> read_file(const std::string& path, std::size_t most = most_file_bytes);

/// A file of text, as UTF-8 without a byte order mark: from UTF-16 and gzip as well. What other programs
/// compressed is refused, naming the way to read it. The limit is of the bytes that come out.
JUNCTION_EXPORT Result<std::string> read_text(const std::string& path, std::size_t most = most_file_bytes);

/// Goes through the lines of a list, without their ends (LF or CRLF).
class TextLines {
 public:
  static constexpr std::size_t longest = std::size_t{1024} * 1024;

  /// `origin` names the text in errors. Both outlive this object.
  TextLines(std::string_view text, std::string_view origin) : rest_(text), origin_(origin) {}

  /// False at the end, and where a line is longer than `longest`: see result().
  JUNCTION_EXPORT bool next(std::string_view& line);

  /// "keys.txt:3", for messages about the line at hand.
  [[nodiscard]] JUNCTION_EXPORT std::string place() const;
  [[nodiscard]] const Result<void>& result() const { return result_; }

 private:
  std::string_view rest_, origin_;
  std::size_t number_ = 0;
  Result<void> result_;
};

}  // namespace junction
