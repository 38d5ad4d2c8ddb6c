#pragma once

#include <atomic>
#include <barrier>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "edge/load/engines.hpp"
#include "edge/load/work.hpp"
#include "junction/load/run.hpp"

namespace junction::load {

/// The threads of a run: started together, watched from outside, joined at the end.
class Crew {
 public:
  /// Starts them. REQUIRES: `clock` is the one of `work`, and wait() is called.
  Crew(const Work& work, const EngineKind& kind, MonotonicClock& clock);

  /// Returns when all threads are done; tells the observer meanwhile.
  void wait();

  /// What they measured, after wait(). Fails, with nothing sent, where a thread got no engine.
  Result<RunResult> result();

 private:
  /// Runs once, when every thread has opened its connections: now, or --start-at, becomes 0.
  struct SetClock {
    Crew& crew;
    MonotonicClock& clock;
    void operator()() noexcept;
  };

  void work_on(Dispatcher& dispatcher);
  std::unique_ptr<Engine> make_engine(Dispatcher& dispatcher);
  void report();

  const Work& work_;
  const EngineKind kind_;
  std::barrier<SetClock> start_;
  std::vector<std::unique_ptr<Dispatcher>> dispatchers_;
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int running_;
  std::int64_t cpu_ = 0;
  std::atomic<bool> started_{false};
  std::atomic<bool> without_engine_{false};  // some thread
  std::atomic<bool> fell_back_{false};       // some thread
  std::int64_t started_at_ = 0;
};

}  // namespace junction::load
