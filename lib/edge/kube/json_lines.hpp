#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace junction::kube {

/// Cuts a stream into lines of JSON, wherever its chunks begin and end.
class JsonLines {
 public:
  void add(std::string_view data) { buffer_.append(data); }

  /// The next whole line; a discarded value where it is no JSON. Nothing: more data is needed.
  std::optional<nlohmann::json> next() {
    while (true) {
      const std::size_t end = buffer_.find('\n', searched_);
      if (end == std::string::npos) {
        searched_ = buffer_.size();
        return std::nullopt;
      }
      const std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      searched_ = 0;
      if (!line.empty()) return nlohmann::json::parse(line, nullptr, false);
    }
  }

 private:
  std::string buffer_;
  std::size_t searched_ = 0;  ///< bytes known to hold no line end: a long line is searched once
};

}  // namespace junction::kube
