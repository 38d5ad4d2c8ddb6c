#pragma once

#include <sys/epoll.h>

#include <cstdint>
#include <span>
#include <vector>

#include "junction/load/run.hpp"

namespace junction::load {

/// An epoll set with the run's stop in it, and waits that end when they should: to the nanosecond, not the
/// millisecond.
class Epoll {
 public:
  explicit Epoll(const Stop& stop);
  ~Epoll();
  Epoll(const Epoll&) = delete;
  Epoll& operator=(const Epoll&) = delete;

  /// Edge-triggered, both ways, once for the whole life of the descriptor: no further system call on a
  /// request's way. False when the kernel refuses.
  [[nodiscard]] bool add(int fd, void* data);

  /// Waits for `nanoseconds` at most (0: not at all); the data of what is ready.
  std::span<const epoll_event> wait(std::int64_t nanoseconds);

 private:
  int fd_;
  int stop_;
  bool exact_ = true;  // the kernel has epoll_pwait2
  std::vector<epoll_event> events_;
};

}  // namespace junction::load
