#include "edge/sandbox/access_log.hpp"

#include <algorithm>

namespace junction::sandbox {

void AccessLog::add(std::string text) {
  {
    const std::lock_guard lock(mutex_);
    bytes_ += text.size();
    lines_.push_back({std::chrono::system_clock::now(), std::move(text)});
    ++next_;
    while (lines_.size() > 1 && (lines_.size() > limit_ || bytes_ > bytes_limit_)) {
      bytes_ -= lines_.front().text.size();
      lines_.pop_front();
    }
  }
  added_.notify_all();
}

AccessLog::Lines AccessLog::collect(std::uint64_t from) const {
  const std::uint64_t first = next_ - lines_.size();
  const std::uint64_t start = std::clamp(from, first, next_);
  return {{lines_.begin() + static_cast<std::ptrdiff_t>(start - first), lines_.end()}, next_};
}

AccessLog::Lines AccessLog::since(std::uint64_t from) const {
  const std::lock_guard lock(mutex_);
  return collect(from);
}

AccessLog::Lines AccessLog::wait_since(std::uint64_t from, std::chrono::milliseconds timeout) const {
  std::unique_lock lock(mutex_);
  added_.wait_for(lock, timeout, [&] { return ended_ || next_ > from; });
  return collect(from);
}

void AccessLog::end() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  added_.notify_all();
}

bool AccessLog::ended() const {
  const std::lock_guard lock(mutex_);
  return ended_;
}

}  // namespace junction::sandbox
