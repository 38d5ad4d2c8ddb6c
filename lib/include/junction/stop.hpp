#pragma once

#include <atomic>

#include "junction/export.hpp"

namespace junction {

/// Ends early what runs long. request() is safe in a signal handler and from any thread.
class JUNCTION_EXPORT Stop {
 public:
  Stop();
  ~Stop();
  Stop(const Stop&) = delete;
  Stop& operator=(const Stop&) = delete;

  void request() noexcept;
  [[nodiscard]] bool requested() const noexcept { return requested_.load(std::memory_order_relaxed); }
  /// Readable once requested; -1 where no descriptor was to be had.
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

 private:
  std::atomic<bool> requested_{false};
  int descriptor_;
};

}  // namespace junction
