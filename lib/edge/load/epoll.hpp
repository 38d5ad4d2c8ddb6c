#pragma once

#include <sys/epoll.h>

#include <cstdint>
#include <span>
#include <vector>

#include "junction/stop.hpp"

namespace junction::load {

/// An epoll set with the run's stop in it, and waits that end when they should: to the nanosecond, not the
/// millisecond.
class Epoll {
 public:
  explicit Epoll(const Stop& stop);
  ~Epoll();
  Epoll(const Epoll&) = delete;
  Epoll& operator=(const Epoll&) = delete;

  /// False where the kernel gave no descriptor for it.
  [[nodiscard]] bool ok() const { return fd_ >= 0; }

  /// Edge-triggered, both ways, once for the whole life of the descriptor: no further system call on a
  /// request's way. False when the kernel refuses.
  [[nodiscard]] bool add(int fd, void* data);

  /// Waits from `now` until `until` at most, in ns of one clock; what is ready. May return early with
  /// nothing.
  std::span<const epoll_event> wait(std::int64_t now, std::int64_t until);

  /// Sleeps, whatever comes meanwhile.
  static void sleep(std::int64_t nanoseconds);

 private:
  int wait_exactly(std::int64_t nanoseconds);
  int wait_for_alarm(std::int64_t now, std::int64_t until);

  int fd_;
  int stop_;
  // A wait with a timeout costs the kernel a timer each. Waits that are long enough share this one: it may
  // ring early, for a wait that is over, but not late.
  int alarm_;
  static constexpr std::int64_t no_alarm = INT64_MIN;  // times before the start are negative
  std::int64_t rings_at_ = no_alarm;
  bool exact_ = true;  // the kernel has epoll_pwait2
  std::vector<epoll_event> events_;
};

}  // namespace junction::load
