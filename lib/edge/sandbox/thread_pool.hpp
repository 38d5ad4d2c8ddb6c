#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>

namespace junction::sandbox {

/// Threads that come as they are needed, are used again, and go away when nothing has been for them to do for
/// a while. Thread safe.
class ThreadPool {
 public:
  explicit ThreadPool(std::chrono::milliseconds idle_time = std::chrono::seconds(5))
      : idle_time_(idle_time) {}
  ~ThreadPool();  ///< waits for every task
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  /// Runs `task`, which must not throw. False, and nothing is run: the system has no thread to give.
  [[nodiscard]] bool run(std::function<void()> task);

  [[nodiscard]] std::size_t threads() const;

 private:
  static void* thread_main(void* pool);
  void work();
  bool start_thread();

  std::chrono::milliseconds idle_time_;
  mutable std::mutex mutex_;
  std::condition_variable wake_, gone_;
  std::deque<std::function<void()>> tasks_;  // never more than there are idle threads
  std::size_t threads_ = 0, idle_ = 0;
  bool done_ = false;
};

}  // namespace junction::sandbox
