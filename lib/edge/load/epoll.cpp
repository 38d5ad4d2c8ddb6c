#include "edge/load/epoll.hpp"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

namespace junction::load {
namespace {

constexpr std::size_t batch = 256;
constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t longest = 3600 * second;
constexpr std::int64_t worth_an_alarm = 5'000'000;

}  // namespace

Epoll::Epoll(const Stop& stop)
    : fd_(::epoll_create1(EPOLL_CLOEXEC)),
      stop_(stop.descriptor()),
      alarm_(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)),
      events_(batch) {
  epoll_event event{};
  event.events = EPOLLIN;
  if (stop_ >= 0) ::epoll_ctl(fd_, EPOLL_CTL_ADD, stop_, &event);  // its data is null
  event.events = EPOLLIN | EPOLLET;
  event.data.ptr = this;
  if (alarm_ >= 0) ::epoll_ctl(fd_, EPOLL_CTL_ADD, alarm_, &event);
}

Epoll::~Epoll() {
  if (alarm_ >= 0) ::close(alarm_);
  if (fd_ >= 0) ::close(fd_);
}

bool Epoll::add(int fd, void* data) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = data;
  return ::epoll_ctl(fd_, EPOLL_CTL_ADD, fd, &event) == 0;
}

std::span<const epoll_event> Epoll::wait(std::int64_t now, std::int64_t until) {
  until = std::min(until, now + longest);
  const bool is_long = alarm_ >= 0 && until - now >= worth_an_alarm;
  const int count = is_long ? wait_for_alarm(now, until) : wait_exactly(until - now);
  if (count <= 0) return {};
  const auto ready = std::span(events_).first(static_cast<std::size_t>(count));
  const auto end = std::remove_if(ready.begin(), ready.end(), [this](const epoll_event& event) {
    if (!event.data.ptr)
      ::epoll_ctl(fd_, EPOLL_CTL_DEL, stop_, nullptr);  // seen: it would end every later wait
    if (event.data.ptr == this) rings_at_ = no_alarm;
    return !event.data.ptr || event.data.ptr == this;
  });
  return ready.first(static_cast<std::size_t>(end - ready.begin()));
}

void Epoll::sleep(std::int64_t nanoseconds) {
  const timespec span{nanoseconds / second, nanoseconds % second};
  ::clock_nanosleep(CLOCK_MONOTONIC, 0, &span, nullptr);
}

int Epoll::wait_exactly(std::int64_t nanoseconds) {
  nanoseconds = std::max<std::int64_t>(nanoseconds, 0);
  if (exact_) {
    const timespec timeout{nanoseconds / second, nanoseconds % second};
    const int count = ::epoll_pwait2(fd_, events_.data(), static_cast<int>(batch), &timeout, nullptr);
    exact_ = count >= 0 || errno != ENOSYS;
    if (exact_) return count;
  }
  // Before Linux 5.11: to the millisecond, not early.
  const std::int64_t milliseconds = (nanoseconds + 999'999) / 1'000'000;
  return ::epoll_wait(fd_, events_.data(), static_cast<int>(batch), static_cast<int>(milliseconds));
}

int Epoll::wait_for_alarm(std::int64_t now, std::int64_t until) {
  // When it rang is what the event says: the clock is set anew between the opening of connections and the
  // start.
  if (rings_at_ <= now || rings_at_ > until) {
    const std::int64_t left = until - now;
    const itimerspec once{{}, {left / second, left % second}};
    ::timerfd_settime(alarm_, 0, &once, nullptr);
    rings_at_ = until;
  }
  return ::epoll_wait(fd_, events_.data(), static_cast<int>(batch), -1);
}

}  // namespace junction::load
