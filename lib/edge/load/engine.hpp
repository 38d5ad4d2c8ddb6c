#pragma once

#include <cstdint>

#include "edge/load/slot.hpp"
#include "junction/outcome.hpp"

namespace junction::load {

/// What a Dispatcher needs of the thing that moves the bytes. One per thread; nothing is shared.
///
/// An engine reports through Dispatcher::finish(), and only from within poll(): a start that fails at once is
/// kept until then, so that the two never call each other in circles.
class Engine {
 public:
  virtual ~Engine() = default;

  /// Makes a connection's slots and puts them into `lane.cold`; returns the first. Connects nothing yet.
  virtual Slot& add_connection(Lane& lane) = 0;

  /// Connects a new connection ahead of its first request; its slots turn warm. One that fails stays cold.
  virtual void open(Slot& slot) = 0;
  /// How many open() calls are under way.
  [[nodiscard]] virtual int opening() const = 0;

  /// Sends `slot.job`, connecting first where the slot is cold.
  virtual void start(Slot& slot) = 0;

  /// Nobody waits for this slot's response any more; the slot is cold from now on. Says what it was waiting
  /// for.
  [[nodiscard]] virtual ErrorType abandon(Slot& slot) = 0;

  /// Handles what the network did, waiting for it until `until` (ns since the start) at most.
  virtual void poll(std::int64_t until) = 0;
};

}  // namespace junction::load
