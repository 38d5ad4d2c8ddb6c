#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <list>
#include <mutex>

#include "edge/sandbox/thread_pool.hpp"

namespace junction::sandbox {

/// How much of itself a sandbox gives to connections; the same for all of its servers together.
struct ConnectionLimits {
  std::size_t connections = 1024;           ///< open at a time, whichever server they are to
  std::chrono::milliseconds head{10'000};   ///< for a TLS handshake and a request's head, and for its body
  std::chrono::milliseconds idle{300'000};  ///< between the requests of one connection
  std::chrono::milliseconds thread_idle{5'000};  ///< how long a thread waits for a connection before it goes
  std::chrono::milliseconds write{30'000};       ///< without a byte of an answer taken
};

/// Every connection of a sandbox, each on a thread of its own: at most as many as the limits allow. Where one
/// comes too many, the one goes that has waited the longest for its client; so whoever opens connections and
/// says nothing drives out his own first, and nobody whose request is under way. Thread safe.
class ConnectionRegistry {
 public:
  struct Entry {
    int socket = -1;
    const void* owner = nullptr;
    bool busy = false;
    bool evicted = false;
    std::chrono::steady_clock::time_point since;
  };
  using Place = std::list<Entry>::iterator;

  explicit ConnectionRegistry(ConnectionLimits limits) : limits_(limits), pool_(limits.thread_idle) {}

  [[nodiscard]] const ConnectionLimits& limits() const { return limits_; }
  [[nodiscard]] std::size_t connections() const;
  [[nodiscard]] std::size_t threads() const { return pool_.threads(); }

  /// Takes `socket` over and runs `serve` (which must not throw) for it on a thread; it is closed afterwards.
  /// Closes it at once where there is no room, thread or memory for it. `owner` is the server it belongs to.
  void add(int socket, const void* owner, std::function<void(Place)> serve);

  /// The client's request is under way (or no longer): its connection stays (or may go).
  void set_busy(Place place, bool busy);

  /// Shuts the connection down that has waited longest; false where none waits.
  bool evict();

  /// Shuts down every connection of `owner`, and waits until the last is closed.
  void end(const void* owner);

 private:
  bool make_room(std::unique_lock<std::mutex>& lock);
  bool evict_locked();
  void remove(Place place);

  ConnectionLimits limits_;
  mutable std::mutex mutex_;
  std::condition_variable removed_;
  std::list<Entry> entries_;
  ThreadPool pool_;  // last: it waits for tasks, which use the others
};

}  // namespace junction::sandbox
