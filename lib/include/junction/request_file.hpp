#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "junction/export.hpp"
#include "junction/request_line.hpp"
#include "junction/result.hpp"

namespace junction {

/// A file of requests, read one after the other, in bounded memory: what summarize_requests() counts, for
/// whoever needs each of them.
class JUNCTION_EXPORT RequestFile {
 public:
  /// `path` "-" is `standard_input`, which outlives this object.
  static Result<RequestFile> open(const std::string& path, std::istream& standard_input);
  RequestFile(RequestFile&&) noexcept;
  RequestFile& operator=(RequestFile&&) noexcept;
  ~RequestFile();

  /// The next request; nothing at the end. Lines without a request are passed over, and counted. `parameter`
  /// is as parse_request_line() has it. Errors begin with the file and the line's number.
  Result<std::optional<LineRequest>> next(std::string_view parameter);

  [[nodiscard]] std::uint64_t skipped() const;  ///< lines so far without a request, blank ones among them

 private:
  class Impl;
  explicit RequestFile(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace junction
