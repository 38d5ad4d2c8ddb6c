#include "edge/load/epoll.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace junction::load {
namespace {

constexpr std::size_t batch = 256;

}  // namespace

Epoll::Epoll(const Stop& stop)
    : fd_(::epoll_create1(EPOLL_CLOEXEC)), stop_(stop.descriptor()), events_(batch) {
  epoll_event event{};
  event.events = EPOLLIN;
  if (stop_ >= 0) ::epoll_ctl(fd_, EPOLL_CTL_ADD, stop_, &event);  // its data is null
}

Epoll::~Epoll() {
  if (fd_ >= 0) ::close(fd_);
}

bool Epoll::add(int fd, void* data) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = data;
  return ::epoll_ctl(fd_, EPOLL_CTL_ADD, fd, &event) == 0;
}

std::span<const epoll_event> Epoll::wait(std::int64_t nanoseconds) {
  constexpr std::int64_t second = 1'000'000'000;
  nanoseconds = std::clamp<std::int64_t>(nanoseconds, 0, 3600 * second);
  int count = -1;
  if (exact_) {
    const timespec timeout{nanoseconds / second, nanoseconds % second};
    count = ::epoll_pwait2(fd_, events_.data(), static_cast<int>(batch), &timeout, nullptr);
    exact_ = count >= 0 || errno != ENOSYS;
  }
  if (!exact_) {  // before Linux 5.11: to the millisecond, not early
    const auto milliseconds = static_cast<int>((nanoseconds + 999'999) / 1'000'000);
    count = ::epoll_wait(fd_, events_.data(), static_cast<int>(batch), milliseconds);
  }
  if (count <= 0) return {};
  const auto ready = std::span(events_).first(static_cast<std::size_t>(count));
  const auto stop =
      std::find_if(ready.begin(), ready.end(), [](const epoll_event& e) { return !e.data.ptr; });
  if (stop == ready.end()) return ready;
  ::epoll_ctl(fd_, EPOLL_CTL_DEL, stop_, nullptr);  // seen: it would end every later wait at once
  std::swap(*stop, ready.back());
  return ready.first(ready.size() - 1);
}

}  // namespace junction::load
