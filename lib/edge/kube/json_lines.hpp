#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "junction/result.hpp"

namespace junction::kube {

/// Cuts a stream into lines of JSON, wherever its chunks begin and end.
class JsonLines {
 public:
  /// A line may take so many bytes: no object of the API comes near, and a server that never ends one must
  /// not fill the memory.
  static constexpr std::size_t longest_line = std::size_t{16} << 20;

  void add(std::string_view data) { buffer_.append(data); }

  /// The next whole line. Nothing: more data is needed. An error, for a line that is too long or no JSON, is
  /// for good: nothing after it can be told apart.
  Result<std::optional<nlohmann::json>> next();

 private:
  std::string buffer_;
  std::size_t begin_ = 0;     ///< of the line that next() will look at
  std::size_t searched_ = 0;  ///< no line ends before: a long line is searched once
};

}  // namespace junction::kube
