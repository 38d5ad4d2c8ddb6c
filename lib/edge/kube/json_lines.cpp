#include "edge/kube/json_lines.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "edge/files/json.hpp"

namespace junction::kube {

Result<std::optional<nlohmann::json>> JsonLines::next() {
  while (true) {
    const std::size_t end = buffer_.find('\n', searched_);
    const std::size_t length = std::min(end, buffer_.size()) - begin_;
    if (length > longest_line)
      return Error{ErrorKind::server, fmt::format("a line of it is longer than {} MiB", longest_line >> 20U)};
    if (end == std::string::npos) {
      buffer_.erase(0, begin_);
      begin_ = 0;
      searched_ = buffer_.size();
      return std::optional<nlohmann::json>();
    }
    const std::string_view line = std::string_view(buffer_).substr(begin_, length);
    begin_ = searched_ = end + 1;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    auto value = parse_json(line, {.bytes = longest_line});
    if (!value) return Error{ErrorKind::server, "a line of it is no JSON: " + value.error().message};
    return std::optional(std::move(*value));
  }
}

}  // namespace junction::kube
