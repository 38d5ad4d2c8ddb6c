#include "edge/sandbox/thread_pool.hpp"

#include <pthread.h>

#include <csignal>
#include <utility>

namespace junction::sandbox {
namespace {

/// Bytes of a thread's stack: what recurses here (YAML, JSON) is bounded in depth, and the usual 8 MiB times
/// the most connections is more address space than some machines allow.
constexpr std::size_t stack_size = 2 << 20;

}  // namespace

ThreadPool::~ThreadPool() {
  std::unique_lock lock(mutex_);
  done_ = true;
  wake_.notify_all();
  gone_.wait(lock, [&] { return threads_ == 0; });
}

bool ThreadPool::run(std::function<void()> task) {
  const std::lock_guard lock(mutex_);
  if (tasks_.size() >= idle_ && !start_thread()) return false;
  tasks_.push_back(std::move(task));
  wake_.notify_one();
  return true;
}

std::size_t ThreadPool::threads() const {
  const std::lock_guard lock(mutex_);
  return threads_;
}

/// Detached: a thread that goes away by itself has nobody who would join it. It is counted instead.
bool ThreadPool::start_thread() {
  pthread_attr_t attributes;
  if (::pthread_attr_init(&attributes) != 0) return false;
  ::pthread_attr_setstacksize(&attributes, stack_size);
  ::pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread{};
  const bool started = ::pthread_create(&thread, &attributes, thread_main, this) == 0;
  ::pthread_attr_destroy(&attributes);
  if (!started) return false;
  ++threads_;
  ++idle_;  // it is as good as waiting
  return true;
}

void* ThreadPool::thread_main(void* pool) {
  sigset_t broken_pipe;  // OpenSSL writes to sockets that nobody reads any more; an error will do
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
  static_cast<ThreadPool*>(pool)->work();
  return nullptr;
}

void ThreadPool::work() {
  std::unique_lock lock(mutex_);
  while (wake_.wait_for(lock, idle_time_, [&] { return done_ || !tasks_.empty(); }) && !tasks_.empty()) {
    const auto task = std::move(tasks_.front());
    tasks_.pop_front();
    --idle_;
    lock.unlock();
    task();
    lock.lock();
    ++idle_;
  }
  --idle_;
  --threads_;
  gone_.notify_all();  // with the lock held: the pool may go away once it is given back
}

}  // namespace junction::sandbox
