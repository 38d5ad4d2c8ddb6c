#pragma once

#include "junction/stop.hpp"

namespace junctionctl {

/// While it lives, the first SIGINT or SIGTERM asks `stop` to end the run, and a second one leaves the
/// process at once with the signal's exit code. One at a time.
class Interrupt {
 public:
  explicit Interrupt(junction::Stop& stop);
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  /// The signal that came, 0 for none.
  [[nodiscard]] static int signal();
};

}  // namespace junctionctl
