#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace junction {

/// A value that many threads read without a lock while one replaces it. Readers announce themselves in a
/// counter, read the pointer and leave; a writer publishes the new value, waits until every counter has been
/// seen at zero, and only then frees the old one. Two banks of counters let the writer send newcomers to one
/// bank while the other drains, so steady readers cannot starve it. All operations are sequentially
/// consistent: a reader that still got the old pointer announced itself before the exchange, so the writer
/// sees its counter. Source of the idea: McKenney, "Is Parallel Programming Hard", section 9.5 (sleepable
/// RCU).
template <typename T>
class Snapshot {
 public:
  explicit Snapshot(std::unique_ptr<const T> initial) : current_(initial.release()) {}
  ~Snapshot() { delete current_.load(); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  /// Calls use(const T&) and returns what it returns. `use` must not call replace().
  template <typename Use>
  auto read(Use&& use) const {
    const Guard guard(banks_[bank_.load()][slot()].readers);
    return std::forward<Use>(use)(*current_.load());
  }

  /// Makes the next value from the current one, publishes it, and frees the current one when no reader is
  /// left in it.
  template <typename Make>
  void replace(Make&& make) {
    const std::lock_guard lock(writer_);
    std::unique_ptr<const T> next = std::forward<Make>(make)(*current_.load());
    const std::unique_ptr<const T> old(current_.exchange(next.release()));
    drain();
    drain();
  }

 private:
  static constexpr std::size_t slots = 16;
  struct alignas(64) Counter {
    mutable std::atomic<std::size_t> readers{0};
  };
  using Bank = std::array<Counter, slots>;

  class Guard {
   public:
    explicit Guard(std::atomic<std::size_t>& readers) : readers_(readers) { readers_.fetch_add(1); }
    ~Guard() { readers_.fetch_sub(1); }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

   private:
    std::atomic<std::size_t>& readers_;
  };

  // Spreads threads over the counters; which one a thread gets does not matter for correctness.
  static std::size_t slot() {
    static std::atomic<std::size_t> next{0};
    thread_local const std::size_t mine = next.fetch_add(1, std::memory_order_relaxed) % slots;
    return mine;
  }

  void drain() {
    const std::size_t old = bank_.load();
    bank_.store(1 - old);
    for (const Counter& counter : banks_[old])
      while (counter.readers.load() != 0) std::this_thread::yield();
  }

  std::atomic<const T*> current_;
  std::atomic<std::size_t> bank_{0};
  std::array<Bank, 2> banks_;
  std::mutex writer_;
};

}  // namespace junction
