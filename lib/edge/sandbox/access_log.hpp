#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace junction::sandbox {

/// A replica's access log, kept in memory: the newest lines, as many as their number and bytes allow, each
/// numbered from 0 on. Thread safe.
class AccessLog {
 public:
  struct Line {
    std::chrono::system_clock::time_point time;
    std::string text;  ///< without a newline
  };
  struct Lines {
    std::vector<Line> lines;
    std::uint64_t next = 0;  ///< number of the line after the last one here
  };

  explicit AccessLog(std::size_t limit = 100'000, std::size_t bytes_limit = 16 << 20)
      : limit_(limit), bytes_limit_(bytes_limit) {}

  void add(std::string text);

  /// The lines from number `from` on, as far as they are still there.
  [[nodiscard]] Lines since(std::uint64_t from) const;
  /// The same, after waiting for at least one of them until `timeout` has passed or the log has ended.
  [[nodiscard]] Lines wait_since(std::uint64_t from, std::chrono::milliseconds timeout) const;

  void end();  ///< nothing will be added any more
  [[nodiscard]] bool ended() const;

 private:
  [[nodiscard]] Lines collect(std::uint64_t from) const;

  mutable std::mutex mutex_;
  mutable std::condition_variable added_;
  std::deque<Line> lines_;
  std::uint64_t next_ = 0;
  std::size_t limit_, bytes_limit_, bytes_ = 0;
  bool ended_ = false;
};

}  // namespace junction::sandbox
