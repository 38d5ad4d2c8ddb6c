#include "junction/stop.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

namespace junction {

Stop::Stop() : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Stop::~Stop() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void Stop::request() noexcept {
  requested_.store(true, std::memory_order_relaxed);
  const std::uint64_t one = 1;
  if (descriptor_ >= 0) [[maybe_unused]]
    const auto written = ::write(descriptor_, &one, sizeof one);
}

}  // namespace junction
