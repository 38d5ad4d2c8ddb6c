#include "junction/load/run.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>

#include <algorithm>
#include <barrier>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "edge/load/descriptors.hpp"
#include "edge/load/dispatcher.hpp"
#include "edge/load/http1_epoll.hpp"
#include "edge/load/http1_uring.hpp"
#include "edge/load/http2_epoll.hpp"
#include "edge/load/work.hpp"

namespace junction::load {
namespace {

using std::chrono::nanoseconds;
using std::chrono::system_clock;

/// Which engine carries a plan, and its name in the result.
struct EngineKind {
  const char* name;
  std::unique_ptr<Engine> (*make)(Dispatcher&);
};

Result<EngineKind> choose_engine(const Plan& plan) {
  const TransportOptions& transport = plan.transport;
  const bool tls = plan.url.scheme == "https";
  const bool asked = transport.engine == EngineChoice::io_uring;
  if (asked && tls)
    return Error{ErrorKind::usage, "--engine io_uring carries plain http only; use epoll for https"};
  if (asked && transport.http2)
    return Error{ErrorKind::usage, "--engine io_uring carries HTTP/1.1 only; use epoll for HTTP/2"};
  if (transport.http2)
    return tls ? EngineKind{"http2 tls", make_http2_epoll} : EngineKind{"http2", make_http2_epoll};
  // Where every request has its own connection, or few are under way, io_uring has nothing to put into
  // batches.
  const bool suits = !tls && transport.keep_alive && !plan.schedule.open_loop();
  if (asked || (transport.engine == EngineChoice::automatic && suits)) {
    if (uring_works()) return EngineKind{"io_uring", make_http1_uring};
    if (asked)
      return Error{ErrorKind::unsupported,
                   "this kernel has no io_uring to use (Linux 6.1 or later, not forbidden by a sandbox); use "
                   "--engine epoll"};
  }
  return tls ? EngineKind{"epoll tls", make_http1_epoll} : EngineKind{"epoll", make_http1_epoll};
}

/// The threads of a run: started together, watched from outside, joined at the end.
class Crew {
 public:
  Crew(const Work& work, const EngineKind& kind, MonotonicClock& clock)
      : work_(work),
        kind_(kind),
        start_(work.plan.transport.threads, SetClock{*this, clock}),
        running_(work.plan.transport.threads) {
    for (int i = 0; i < running_; ++i) dispatchers_.push_back(std::make_unique<Dispatcher>(work, i));
    for (const auto& dispatcher : dispatchers_)
      threads_.emplace_back([this, &dispatcher] { work_on(*dispatcher); });
  }

  /// Returns when all threads are done; tells the observer meanwhile.
  void wait() {
    std::unique_lock lock(mutex_);
    while (running_ > 0) {
      changed_.wait_for(lock, work_.options.progress_interval, [this] { return running_ == 0; });
      lock.unlock();
      if (work_.options.observer && started_.load(std::memory_order_acquire)) report();
      lock.lock();
    }
    lock.unlock();
    for (std::thread& thread : threads_) thread.join();
  }

  void fill(RunResult& result) {
    Recorder& all = dispatchers_.front()->recorder();
    for (const auto& dispatcher : dispatchers_) {
      if (&dispatcher->recorder() != &all) all.add(dispatcher->recorder());
      result.scheduled += dispatcher->scheduled();
      result.last_due = std::max(result.last_due, dispatcher->last_due());
      result.last_sent = std::max(result.last_sent, dispatcher->last_sent());
      result.elapsed = std::max(result.elapsed, dispatcher->last_done());
    }
    result.tally = std::move(all).take();
    result.cpu = cpu_;
    result.started = started_at_;
    result.endpoints = work_.endpoints.names();
  }

 private:
  /// Runs once, when every thread has opened its connections: now, or --start-at, becomes 0.
  struct SetClock {
    Crew& crew;
    MonotonicClock& clock;
    void operator()() noexcept {
      const system_clock::time_point now = system_clock::now();
      const auto wait = crew.work_.plan.start_at
                            ? std::max(*crew.work_.plan.start_at - now, system_clock::duration{0})
                            : system_clock::duration{0};
      clock.start_in(nanoseconds(wait).count());
      crew.started_at_ = nanoseconds((now + wait).time_since_epoch()).count();
      crew.started_.store(true, std::memory_order_release);
    }
  };

  void work_on(Dispatcher& dispatcher) {
    prctl(PR_SET_TIMERSLACK, 1UL);  // the kernel's default lets a thread sleep 50 us too long
    {
      const std::unique_ptr<Engine> engine = kind_.make(dispatcher);
      dispatcher.use(*engine);
      dispatcher.open_first();
      start_.arrive_and_wait();
      dispatcher.run();
    }
    const std::lock_guard lock(mutex_);
    cpu_ += work_.clock.thread_cpu();
    --running_;
    changed_.notify_one();
  }

  void report() {
    Progress progress;
    for (const auto& dispatcher : dispatchers_) dispatcher->collect(progress);
    if (const std::int64_t now = work_.clock.now(); now < 0) progress.elapsed = nanoseconds(now);
    work_.options.observer->progress(progress);
  }

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
  std::int64_t started_at_ = 0;
};

/// A balancer knows the addresses; TLS has to be prepared with one of them all the same.
Result<Destination> destination_of(const Plan& plan, const Stop& stop) {
  if (!plan.balancer) return find_destination(plan, stop);
  const std::vector<Endpoint> endpoints = plan.balancer->state().endpoints;
  if (plan.url.scheme == "http" || endpoints.empty()) return Destination{};
  return find_destination(plan, stop, &endpoints.front().address);
}

/// Of a run that was stopped before it could send anything.
RunResult stopped_early(const EngineKind& kind) {
  RunResult result;
  result.engine = kind.name;
  result.started = nanoseconds(system_clock::now().time_since_epoch()).count();
  result.stopped = true;
  return result;
}

}  // namespace

Result<RunResult> run(const Plan& plan, const RunOptions& asked) {
  if (auto result = check(plan); !result) return result.error();
  if (auto result = ensure_descriptors(plan); !result) return result.error();
  const auto kind = choose_engine(plan);
  if (!kind) return kind.error();
  Stop never;
  RunOptions options = asked;
  if (!options.stop) options.stop = &never;
  const auto destination = destination_of(plan, *options.stop);
  if (!destination && options.stop->requested()) return stopped_early(*kind);
  if (!destination) return destination.error();
  if (options.observer)
    options.progress_interval = std::max(options.progress_interval, std::chrono::milliseconds{1});

  Plan effective = plan;
  effective.recorder.intervals = options.observer != nullptr;
  const Requests requests(effective);
  EndpointNames endpoints;
  MonotonicClock clock;
  const Work work{effective, options, requests, *destination, *options.stop, endpoints, clock};
  Crew crew(work, *kind, clock);
  crew.wait();

  RunResult result;
  crew.fill(result);
  result.engine = kind->name;
  result.stopped = options.stop->requested();
  return result;
}

}  // namespace junction::load
